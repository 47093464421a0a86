"""Pictures: compressed frames, colour profiles, and whether a person has to look."""
