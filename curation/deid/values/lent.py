"""What a key that is not at hand makes of single values: lent by whoever holds it, one value at a time."""

from re import compile as pattern
from typing import Final, TypeAlias

from .keys import framed, keyed

#: What is asked for: of what kind it is, and the message of which the key makes a number (keys.py: keyed).
Asked: TypeAlias = tuple[str, bytes]
#: The kinds that donors share: names of sites and devices, local codes, and the URNs of such codes. Nobody's identity.
KINDS: Final = pattern(r"group site|group device [0-9A-F]{8}|code|uid")
LONGEST: Final = 512


def group_asked(kind: str, value: bytes) -> Asked:
    """For the name of a site or a device."""
    return f"group {kind}", value


def code_asked(scheme: str, value: bytes) -> Asked:
    """For a code of a local scheme."""
    return "code", framed(scheme.encode(), value)


def urn_asked(value: bytes) -> Asked:
    """For a code that is a URN."""
    return "uid", value


def number_for(key: bytes, asked: Asked) -> int:
    """What the key makes of it; raises ValueError for what is no kind that is lent."""
    kind, message = asked
    if not KINDS.fullmatch(kind) or not 0 < len(message) <= LONGEST:
        raise ValueError("Nothing is made of this for others.")
    return keyed(key, kind, message)


class Lent:
    """The numbers that were lent; `lacking` are those that were needed and neither lent nor refused, in their order."""

    def __init__(self) -> None:
        self._numbers: dict[Asked, int | None] = {}
        self._lacking: dict[Asked, None] = {}

    @property
    def lacking(self) -> list[Asked]:
        """What is still to be asked for."""
        return [asked for asked in self._lacking if asked not in self._numbers]

    def take(self, asked: Asked, number: int | None) -> None:
        """Takes a number in; None where it is not lent."""
        self._numbers[asked] = number

    def number(self, asked: Asked) -> int | None:
        """The number, or None: it is lacking from now on, or is not lent."""
        if asked not in self._numbers:
            self._lacking[asked] = None
        return self._numbers.get(asked)
