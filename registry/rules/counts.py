"""How counts of donors are written, so that a small one tells nothing about a person."""

from typing import Final

SMALL: Final = 10


def shown(count: int) -> str:
    """A count as words: below ten only as 'fewer than 10', none as 'none'."""
    if count == 0:
        return "none"
    return f"fewer than {SMALL}" if count < SMALL else f"{count:,}"
