"""Gates: what is written is searched once more."""
