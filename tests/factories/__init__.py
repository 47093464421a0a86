"""Makes what tests need, through the same actions that pages use."""
