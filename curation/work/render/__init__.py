"""Draws pictures of cleaned files, in a child process that may die of what it is given."""
