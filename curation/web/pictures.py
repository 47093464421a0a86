"""How series and images are named and shown: small pictures with words, each leading to its full size."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curation.models import Derivation, Probe, Series
from curation.web.stage import picture_address


def title_of(series: Series) -> str:
    """What a series is called: `CT, chest`."""
    return ", ".join(filter(None, [series.modality, series.body_part.lower()])) or _("Series")


def some_of(images: Sequence[Derivation], most: int) -> list[Derivation]:
    """Of more than `most` images the first, the last and some between."""
    if len(images) <= most:
        return list(images)
    return [images[round(n * (len(images) - 1) / (most - 1))] for n in range(most)]


def thumbnails(
    series: Series,
    images: Sequence[Derivation],
    *,
    numbers: Mapping[UUID, int],
    probe: Probe | None = None,
    query: str | None = None,
) -> list[dict[str, str]]:
    """One entry an image: small picture, words, and where it leads: the series' page with that image (`query` given).

    Else it leads to the picture in full size. `probe`: what is planted for this reader.
    """
    return [_entry(series, image, numbers[image.pk], len(numbers), probe, query) for image in images]


def _entry(
    series: Series, image: Derivation, number: int, total: int, probe: Probe | None, query: str | None
) -> dict[str, str]:
    frames = ngettext("%(n)s frame", "%(n)s frames", image.frames) % {"n": image.frames} if image.frames > 1 else ""
    shown = [part for part in (series.modality, series.body_part.lower(), frames) if part]
    place = {"number": number, "total": total}
    whole = picture_address(image, probe)
    return {
        "src": picture_address(image, probe, small=True),
        "href": whole if query is None else f"{query or '?'}{'&' if query else ''}image={number}#stage",
        "alt": _("Image %(number)s of %(total)s: %(what)s") % {**place, "what": ", ".join(shown)},
        "caption": ", ".join(filter(None, [_("%(number)s of %(total)s") % place, frames])),
        "needs": "" if not _needs(image) else _("to decide"),
        "id": str(image.pk),
    }


def _needs(image: Derivation) -> bool:
    return any(not mark.get("blanked") for mark in image.marks)
