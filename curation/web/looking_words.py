"""What the script says on a series' page, and how a region that was drawn is told, by the page and by the script."""

from typing import Final

from django.utils.translation import gettext

from core.texts import gettext_noop as _

#: A region by where it is meant; the script fills in the same sentences.
REGION: Final = {
    "image": _("{width} × {height} pixels at {left}, {top} in image {number}"),
    "image_frame": _("{width} × {height} pixels at {left}, {top} in image {number}, frame {frame}"),
    "every": _("{width} × {height} pixels at {left}, {top} in every image"),
    "every_frame": _("{width} × {height} pixels at {left}, {top} in every image, frame {frame}"),
}
SCRIPT: Final = {
    "no_place": _("This picture shows frames whose place is not known. Give the place in numbers."),
    "drawing_image": _(
        "Drawing in this image, every frame. "
        "Arrows move, Shift and arrows size, S changes where, Enter keeps, Escape leaves."
    ),
    "drawing_frame": _(
        "Drawing in this frame only. Arrows move, Shift and arrows size, S changes where, Enter keeps, Escape leaves."
    ),
    "drawing_all": _(
        "Drawing in every image. Arrows move, Shift and arrows size, S changes where, Enter keeps, Escape leaves."
    ),
    "in_image": _("In this image, every frame."),
    "in_frame": _("In this frame only."),
    "in_all": _("In every image."),
    "kept": _("Kept: {region}. B blanks what is listed."),
    "left": _("Left without drawing."),
    "press": _("Press the number of the reason."),
}


def looking_words() -> dict[str, str]:
    """Every text of the script, by the name under which it asks for it."""
    return {code: gettext(text) for code, text in (REGION | SCRIPT).items()}
