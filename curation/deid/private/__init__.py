"""Private elements: known by their creator, kept where they are safe."""
