"""Codes with which a hospital sends images for a donor: how one is made, printed and read. Plain Python.

A code is on paper and typed by hand, so it has 20 letters and digits in groups of four, of Crockford's base 32: no I,
L, O or U, and whoever types one of the first three means 1 or 0. It holds 100 random bits, so that it cannot be
guessed even by somebody who has its digest; that is why a plain SHA-256 is kept of it, as of an access token.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from core.texts import gettext_noop as _

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 20
GROUP: Final = 4
#: For how long a code is good.
LASTS: Final = timedelta(days=60)
#: How many hospitals may be asked for one donation at a time.
MOST: Final = 10
UNKNOWN: Final = _("We do not know this code. Look at the letter again, and type all 20 letters and digits of it.")
OVER: Final = _(
    "This code takes no more files. Everything was sent already, or its time is over, or the person who gave it to you "
    "has ended it. What arrived before is safe. Ask them for a new letter if images are missing."
)
_MEANT: Final = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Invited:
    """Whoever sends by an invitation, into the one donation that it is for: nobody signs in for it."""

    invitation_id: UUID
    donation_id: UUID

    @property
    def actor_id(self) -> str:
        return f"invitation:{self.invitation_id}"


def new_code() -> str:
    """A fresh code, as it is kept nowhere."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """The code that was meant by what somebody typed; empty where it can be none."""
    plain = re.sub(r"[\s\-\u2010-\u2015\u2212.]", "", unicodedata.normalize("NFKC", typed[:200]))
    code = plain.upper().translate(_MEANT)
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else ""


def printed(code: str) -> str:
    """A code in groups, as it stands in the letter."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
