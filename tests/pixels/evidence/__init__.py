"""Evidence about pixels: known writing drawn into real pictures, and what became of each string."""
