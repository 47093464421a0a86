"""Messages to people: an inbox in the portal, and an e-mail that carries a link and no health data."""
