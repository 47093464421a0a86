"""Content trees, and the graphics of presentation states."""
