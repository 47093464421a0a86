"""Values: dates, identifiers, keys, dummies, terms."""
