"""The gallery at /design/: every component on one page, for those who build pages."""
