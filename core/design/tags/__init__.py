"""The components' code, one file a kind; `templatetags/design.py` offers them all as one library."""
