"""How many curators must say yes to a series, and what follows where two of them differ. Plain Python."""

import hmac
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from curation.rules.findings import Finding

#: What DONARA_SECOND_READER may say.
MODES = ("always", "risk", "never")


class Decision(StrEnum):
    """What a curator does with a series."""

    ACCEPT = "accept"
    REJECT = "reject"
    REDACT = "redact"


class Second(NamedTuple):
    """Whether a second curator must say yes too, and why one should (a code; empty where nothing asks for it)."""

    needed: bool
    why: str = ""


def second_reader(*, mode: str, risk: str, is_held: bool, is_drawn: bool, is_sampled: bool) -> Second:
    """Whether one curator's yes is enough for a series.

    It is for one that is clear by stated criteria, in which nothing undecided was found and nobody drew; but a sample
    of those is read twice too, to know what a single reader overlooks. `mode` is one of MODES: `always` asks for two
    whatever the series, `never` for one, and then says why there should have been two.
    """
    asks = {"risk": risk != "clear", "held": is_held, "drawn": is_drawn, "sampled": is_sampled}
    why = next((code for code, holds in asks.items() if holds), "always" if mode == "always" else "")
    return Second(mode != "never" and bool(why), why)


def agreed(findings: Sequence[str]) -> str:
    """The finding to keep of what readers noted: the one that all who noted any agree on, else none.

    A label on which two people differ is no label.
    """
    noted = {finding for finding in findings if finding != Finding.NOT_NOTED}
    return noted.pop() if len(noted) == 1 else Finding.NOT_NOTED.value


def is_sampled(key: bytes, *what: str, one_in: int) -> bool:
    """Whether a keyed hash (HMAC-SHA-256) picks `what`, as it picks one in `one_in`; 0 picks nothing.

    The same answer whoever asks and whenever; without the key nobody can tell it beforehand.
    """
    if one_in == 0:
        return False
    drawn = hmac.digest(key, "\n".join(what).encode(), "sha256")
    return int.from_bytes(drawn[:8], "big") % one_in == 0
