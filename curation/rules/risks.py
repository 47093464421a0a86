"""What a picture's risk means for the person who looks, and why it is so: codes with their sentences. Plain Python."""

from collections.abc import Iterable

from core.texts import gettext_noop as _

WORDS = {"clear": _("Low risk"), "clean": _("Cleaned"), "look": _("Look closely")}
TONES = {"clear": "good", "clean": "good", "look": "attention"}
EXPLAINED = {
    "clear": _(
        "The scanner made these pictures from the body and nothing says that anything was written on them. "
        "Look through them all the same."
    ),
    "clean": _(
        "Where these pictures can carry writing is known, and it was taken out. See whether anything is left, "
        "above all along the edges."
    ),
    "look": _(
        "Pictures of this kind can carry writing or show a face, and only a person can see that. "
        "Open each picture in full size and look for names, numbers, dates and faces, above all along the edges."
    ),
}
#: From the least to the most that is left to a person.
ORDER = ("clear", "clean", "look")
#: Why the header makes a picture clear.
CLEAR = {
    "acquired": _("The device made it from the body: it meets every criterion."),
    "without_picture": _("It holds no picture."),
    "numbers": _("What it stores as pixels are numbers that follow from other images, such as doses or masks."),
}
#: What is known of where writing can stand, so that it can be taken out.
KNOWN = {
    "regions": _("The ultrasound device says where it shows the body; all else is blanked."),
    "device": _("One of our own people has verified where this device writes; that is blanked."),
    "hidden_bits": _("Something stands in bits of the pixels that no picture shows; they are cleared."),
}
#: Why the header is no proof that a picture is clear.
DOUBTS = {
    "photograph": _("A camera took it: it can show a face, a label or a paper."),
    "ultrasound": _("Ultrasound devices write on what they show."),
    "secondary_capture": _("It was captured from a screen, film or paper."),
    "radiograph": _("Radiographs are shown with what people wrote on them."),
    "looked_at": _("Objects of this kind can carry writing."),
    "says_burned_in": _("The file says that writing stands in the picture, or does not know."),
    "says_face": _("The file says that somebody can be recognised, or does not know."),
    "not_original": _("It does not say that it is an original, primary image of its kind."),
    "screen": _("It calls itself a screen, a report or a curve."),
    "scanned": _("It was scanned from paper or film."),
    "converted": _("It was converted, drawn or captured by another device."),
    "colour": _("It is in colour; what these devices measure is not."),
    "few_bits": _("It has no more shades than a screen shows; what these devices measure has."),
    "modality_unfit": _("Its modality is not the one that makes objects of its kind."),
    "series_named": _("Its series is called like a report, a screen or a paper."),
    "for_presentation": _("It does not say that nothing was done to it for being shown."),
    "attached_picture": _("A picture is attached to something that needs none."),
    "no_regions": _("The ultrasound device does not say where it shows the body."),
    "regions_unusable": _("What the ultrasound device says of its regions cannot be used."),
    "regions_say_nothing": _("The regions of the ultrasound device fill the frame or its upper edge."),
    "device_unverified": _("Others say where this device writes; none of our own people has verified it."),
}
#: What was seen in the picture itself, and why a person has to see it, too.
SEEN = {
    "no_detector": _("No detector of writing is installed, so nothing searched the picture."),
    "frames_not_examined": _("It holds more than is searched of one file; the rest was not searched."),
    "writing_found": _("Writing was found in a picture that should hold none by its header; it was blanked."),
    "writing_uncertain": _("Something was found that may be writing. It was not blanked."),
    "writing_left": _("After blanking, something that may be writing was found again."),
}
REASONS = {**CLEAR, **KNOWN, **DOUBTS, **SEEN}


def riskiest(risks: Iterable[str]) -> str:
    """The highest of some risks; 'look' where there is none, or one that nobody knows."""
    found = set(risks)
    return max(found, key=ORDER.index) if found and found <= set(ORDER) else "look"
