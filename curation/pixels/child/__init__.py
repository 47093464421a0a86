"""The child process in which donated pictures are opened: its wire, its walls, the hands that may die of a file."""
