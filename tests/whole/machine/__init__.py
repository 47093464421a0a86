"""What the state machine of consent stands on: a clock that moves, workers that meet trouble, and what it knows."""
