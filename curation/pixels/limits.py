"""How much a picture may claim, and how what cannot be shown is told: by a code, never by an error's own text."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

#: The most values (rows x columns x samples) of a frame that is decoded; digital mammography has 24 million.
MOST_VALUES = 60_000_000
#: The most frames of one file: whole-slide images and long cine loops stay well below.
MOST_FRAMES = 200_000
#: The most bytes of pixel data that one file may be written with.
MOST_BYTES = 2 << 30


class CannotShow(Exception):
    """No picture could be made; `reason` is a code of curation/rules/reasons.py."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


#: The codes, so that they are written once.
BROKEN, TOO_LARGE, NO_DECODER, NO_PICTURE = "picture_broken", "picture_too_large", "no_decoder", "no_picture"


def refuse_unless(holds: bool, reason: str = BROKEN) -> None:
    """Raises CannotShow with the reason where something does not hold."""
    if not holds:
        raise CannotShow(reason)


@contextmanager
def careful() -> Iterator[None]:
    """Libraries raise whatever they like over a broken picture, and warn; their texts may quote values.

    Whatever is raised within, but for MemoryError, comes out as CannotShow.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (CannotShow, MemoryError):
            raise
        except Exception:
            raise CannotShow(BROKEN) from None
