"""What the engine's two pixel risks mean for the person who looks. Plain Python."""

WORDS = {"clear": "Low risk", "look": "Look closely"}
TONES = {"clear": "good", "look": "attention"}
EXPLAINED = {
    "clear": "The scanner made these pictures from the body and nothing says that anything was written on them. "
    "Look through them all the same.",
    "look": "Pictures of this kind can carry writing or show a face, and only a person can see that. "
    "Open each picture in full size and look for names, numbers, dates and faces, above all along the edges.",
}
