"""What is true of consent without a database: terms, uses, matching, form choices, states and events."""
