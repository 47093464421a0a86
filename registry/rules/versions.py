"""Numbers of versions: major when donors left, minor when images came, patch when nothing in it changed."""

from enum import StrEnum

from core.errors import Invalid
from core.texts import gettext_noop as _

Number = tuple[int, int, int]
FIRST: Number = (1, 0, 0)


class Bump(StrEnum):
    """Which part of the number goes up."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"


def next_number(highest: Number | None, bump: str) -> Number:
    """The number after the dataset's highest one (None: there is none yet, so 1.0.0); Invalid for an unknown bump."""
    if bump not in set(Bump):
        raise Invalid(
            "Choose how the number goes up: major, minor or patch.", fields={"bump": _("Choose one of the three.")}
        )
    if highest is None:
        return FIRST
    major, minor, patch = highest
    return {
        Bump.MAJOR: (major + 1, 0, 0),
        Bump.MINOR: (major, minor + 1, 0),
        Bump.PATCH: (major, minor, patch + 1),
    }[Bump(bump)]


def written(number: Number) -> str:
    """`(1, 0, 0)` as `1.0.0`."""
    return ".".join(str(part) for part in number)
