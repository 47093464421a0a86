"""How counts of donors are written, so that a small one, or a small rest, tells nothing about a person."""

from dataclasses import dataclass
from typing import Final

from core.texts import Filled
from core.texts import gettext_noop as _

SMALL: Final = 10
TENS: Final = 10


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many donors, in words: neither tells of fewer than ten people, or of all but fewer than ten."""

    part: str
    whole: str
    few: bool


def share(part: int, whole: int) -> Share:
    """How many of how many, for those who ask: in tens, and nothing exact where few do, or few do not."""
    if whole < 2 * SMALL:  # of so few, either those who do or those who do not are fewer than ten
        return Share(_fewer(2 * SMALL), _fewer(2 * SMALL), few=True)
    if part < SMALL:
        return Share(_fewer(SMALL), _tens(whole), few=True)
    if whole - part < SMALL:
        return Share(_("all or nearly all"), _tens(whole), few=False)
    return Share(_tens(part), _tens(whole), few=False)


def about(count: int) -> str:
    """A number of donors for those who may not know it exactly: in tens, and of fewer than ten no number."""
    return _fewer(SMALL) if count < SMALL else _tens(count)


def tens(count: int) -> int:
    """The number in tens, half a ten up."""
    return (count + TENS // 2) // TENS * TENS


def _tens(count: int) -> str:
    return Filled("{number}", number=tens(count))


def _fewer(than: int) -> str:
    return Filled(_("fewer than {number}"), number=than)
