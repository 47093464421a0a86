"""Free texts: what names somebody, and what anyone writes of a picture."""
