"""How series and images are named and shown: small pictures with words, each leading to its full size."""

from collections.abc import Sequence

from django.urls import reverse

from curation.models import Derivation, Series


def title_of(series: Series) -> str:
    """What a series is called: `CT, chest`."""
    return ", ".join(filter(None, [series.modality, series.body_part.lower()])) or "Series"


def thumbnails(series: Series, images: Sequence[Derivation], most: int | None = None) -> list[dict[str, str]]:
    """One entry an image for the `thumbnails` component; of more than `most` the first, the last and some between."""
    total = len(images)
    shown = (
        range(total) if most is None or total <= most else [round(n * (total - 1) / (most - 1)) for n in range(most)]
    )
    return [_entry(series, images[index], index + 1, total) for index in shown]


def _entry(series: Series, image: Derivation, number: int, total: int) -> dict[str, str]:
    address = reverse("curation:render", args=[image.pk])
    frames = f", {image.frames} frames" if image.frames > 1 else ""
    body = f", {series.body_part.lower()}" if series.body_part else ""
    return {
        "src": f"{address}?small=1",
        "href": address,
        "alt": f"Image {number} of {total}: {series.modality}{body}{frames}",
        "caption": f"{number} of {total}{frames}",
    }
