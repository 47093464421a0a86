"""What a hostile file is to these tests: its bytes, and how the door must answer."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """`outcomes`: what the answers must be, sorted; `says`: words that one of the sentences must hold."""

    name: str
    data: bytes = field(repr=False)
    outcomes: tuple[str, ...] = ("refused",)
    says: str = ""


TAKEN = ("received",)
SKIPPED = ("skipped",)
EITHER = ()  # taken as a scan or refused with a sentence: both do no harm
