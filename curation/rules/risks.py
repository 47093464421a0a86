"""What a picture's risk means for the person who looks, and why it is so: codes with their sentences. Plain Python."""

from collections.abc import Iterable

WORDS = {"clear": "Low risk", "clean": "Cleaned", "look": "Look closely"}
TONES = {"clear": "good", "clean": "good", "look": "attention"}
EXPLAINED = {
    "clear": "The scanner made these pictures from the body and nothing says that anything was written on them. "
    "Look through them all the same.",
    "clean": "Where these pictures can carry writing is known, and it was taken out. See whether anything is left, "
    "above all along the edges.",
    "look": "Pictures of this kind can carry writing or show a face, and only a person can see that. "
    "Open each picture in full size and look for names, numbers, dates and faces, above all along the edges.",
}
#: From the least to the most that is left to a person.
ORDER = ("clear", "clean", "look")
#: Why the header makes a picture clear.
CLEAR = {
    "acquired": "The device made it from the body: it meets every criterion.",
    "without_picture": "It holds no picture.",
    "numbers": "What it stores as pixels are numbers that follow from other images, such as doses or masks.",
}
#: What is known of where writing can stand, so that it can be taken out.
KNOWN = {
    "regions": "The ultrasound device says where it shows the body; all else is blanked.",
    "device": "One of our own people has verified where this device writes; that is blanked.",
    "hidden_bits": "Something stands in bits of the pixels that no picture shows; they are cleared.",
}
#: Why the header is no proof that a picture is clear.
DOUBTS = {
    "photograph": "A camera took it: it can show a face, a label or a paper.",
    "ultrasound": "Ultrasound devices write on what they show.",
    "secondary_capture": "It was captured from a screen, film or paper.",
    "radiograph": "Radiographs are shown with what people wrote on them.",
    "looked_at": "Objects of this kind can carry writing.",
    "says_burned_in": "The file says that writing stands in the picture, or does not know.",
    "says_face": "The file says that somebody can be recognised, or does not know.",
    "not_original": "It does not say that it is an original, primary image of its kind.",
    "screen": "It calls itself a screen, a report or a curve.",
    "scanned": "It was scanned from paper or film.",
    "converted": "It was converted, drawn or captured by another device.",
    "colour": "It is in colour; what these devices measure is not.",
    "few_bits": "It has no more shades than a screen shows; what these devices measure has.",
    "modality_unfit": "Its modality is not the one that makes objects of its kind.",
    "series_named": "Its series is called like a report, a screen or a paper.",
    "for_presentation": "It does not say that nothing was done to it for being shown.",
    "attached_picture": "A picture is attached to something that needs none.",
    "no_regions": "The ultrasound device does not say where it shows the body.",
    "regions_unusable": "What the ultrasound device says of its regions cannot be used.",
    "regions_say_nothing": "The regions of the ultrasound device fill the frame or its upper edge.",
    "device_unverified": "Others say where this device writes; none of our own people has verified it.",
}
#: What was seen in the picture itself, and why a person has to see it, too.
SEEN = {
    "no_detector": "No detector of writing is installed, so nothing searched the picture.",
    "frames_not_examined": "It holds more than is searched of one file; the rest was not searched.",
    "writing_found": "Writing was found in a picture that should hold none by its header; it was blanked.",
    "writing_uncertain": "Something was found that may be writing. It was not blanked.",
    "writing_left": "After blanking, something that may be writing was found again.",
}
REASONS = {**CLEAR, **KNOWN, **DOUBTS, **SEEN}


def riskiest(risks: Iterable[str]) -> str:
    """The highest of some risks; 'look' where there is none, or one that nobody knows."""
    found = set(risks)
    return max(found, key=ORDER.index) if found and found <= set(ORDER) else "look"
