"""What must hold, and attempts to break it."""
