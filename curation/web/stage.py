"""The large picture on a series' page: which one, what was found in it and where, for templates and scripts alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.texts import gettext_noop
from curation.models import Derivation, Probe
from curation.queries import tag_of
from curation.rules import risks
from curation.rules.marks import WORDS, Box, Place, box_of, places

SOMETHING = gettext_noop("something")


@dataclass(frozen=True)
class Mark:
    """Something that was found, and where in the picture, in percent of it; `number` stands beside it on the page."""

    number: int
    words: str
    blanked: bool
    left: float
    top: float
    width: float
    height: float


def in_order(images: Sequence[Derivation]) -> list[Derivation]:
    """The images by how much they need a look: undecided findings, blanked ones, risky ones, then the rest."""
    return sorted(images, key=_need)


def _need(image: Derivation) -> int:
    if any(not mark.get("blanked") for mark in image.marks):
        return 0
    if image.before_id or image.marks:
        return 1
    return 2 if image.pixel_risk != "clear" else 3


def stage_of(image: Derivation, number: int, total: int, probe: Probe | None) -> dict[str, Any]:
    """Everything about one picture as plain values: addresses, size in pixels, what was found, where its frames stand.

    `probe`: what is planted for this reader; where it is in this image its picture stands in place of the real one.
    """
    planted = probe is not None and probe.derivation_id == image.pk
    shown = places(image.sheet, columns=image.columns, rows=image.rows, frames=image.frames)
    width = max((place.box.right for place in shown), default=0)
    height = max((place.box.bottom for place in shown), default=0)
    marks, elsewhere = marks_of(image, shown, width, height), _elsewhere(image, shown)
    return {
        "id": str(image.pk),
        "number": number,
        "total": total,
        "src": picture_address(image, probe),
        "before": before_address(image) if image.before_id and not planted else "",
        "columns": image.columns,
        "rows": image.rows,
        "frames": image.frames,
        "width": width,
        "height": height,
        "places": [[place.frame, *place.box, place.scale] for place in shown],
        "marks": [vars(mark) for mark in marks],
        "found": found_in(image, marks, elsewhere),
        **words_of(image, number, total),
    }


def words_of(image: Derivation, number: int, total: int) -> dict[str, str]:
    """What the page says of a picture: which one it is, at length and in short, and what its two forms show."""
    place = {"number": number, "total": total, "frames": image.frames}
    short = _("Image %(number)s of %(total)s") % place
    several = ngettext(
        "Image %(number)s of %(total)s, %(frames)s frame",
        "Image %(number)s of %(total)s, %(frames)s frames",
        image.frames,
    )
    return {
        "short": short,
        "where": several % place if image.frames > 1 else short,
        "after_alt": _("Image %(number)s as it would be kept") % place,
        "before_alt": _("Image %(number)s before anything was blanked") % place,
    }


def found_in(image: Derivation, marks: Sequence[Mark], elsewhere: int) -> list[str]:
    """What the page lists under the picture: what is left to decide, why it is risky, and what it does not show."""
    open_marks = [mark for mark in marks if not mark.blanked]
    lines = [_("%(number)s: %(what)s, to decide") % {"number": mark.number, "what": mark.words} for mark in open_marks]
    lines += [reason_words(code) for code in image.pixel_reasons]
    more = ngettext(
        "%(n)s more in frames that are not shown here", "%(n)s more in frames that are not shown here", elsewhere
    )
    return [*lines, more % {"n": elsewhere}] if elsewhere else lines


def picture_address(image: Derivation, probe: Probe | None, *, small: bool = False) -> str:
    """Where the picture lies: the planted one where there is one, under an address that looks like any other."""
    planted = probe is not None and probe.derivation_id == image.pk
    tag = tag_of(probe.render_id if planted and probe else image.render_id)
    return f"{reverse('curation:render', args=[image.pk])}?v={tag}{'&small=1' if small else ''}"


def before_address(image: Derivation) -> str:
    """Where the picture lies as it was before anything in it was blanked."""
    return f"{reverse('curation:render', args=[image.pk])}?v={tag_of(image.before_id)}&before=1"


def reason_words(code: str) -> str:
    """The sentence for a reason's code; one that is not listed is shown as words, never hidden."""
    known: dict[str, str] = getattr(risks, "REASONS", {})
    return _(known[code]) if code in known else f"{code.replace('_', ' ').capitalize()}."


def marks_of(image: Derivation, shown: Sequence[Place], width: int, height: int) -> list[Mark]:
    """What was found, wherever it is seen in the picture; numbered in the order in which it was found."""
    found = []
    for number, mark in enumerate(image.marks, start=1):
        for place in shown:
            if mark.get("frame") in (None, place.frame):
                box = place.in_picture(box_of(mark["region"]))
                found.append(_mark(number, mark, box, width, height))
    return found


def _mark(number: int, mark: dict[str, Any], box: Box, width: int, height: int) -> Mark:
    return Mark(
        number,
        _(WORDS.get(mark.get("kind", ""), SOMETHING)),
        bool(mark.get("blanked")),
        round(100 * box.left / width, 3),
        round(100 * box.top / height, 3),
        round(100 * box.width / width, 3),
        round(100 * box.height / height, 3),
    )


def _elsewhere(image: Derivation, shown: Sequence[Place]) -> int:
    """How many findings are in frames that the picture does not show."""
    frames = {place.frame for place in shown}
    return sum(mark.get("frame") is not None and mark["frame"] not in frames for mark in image.marks)
