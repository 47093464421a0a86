"""What a court's order must be called by for an identity to be opened on it. Plain Python."""

import re
from typing import Final

from core.texts import gettext_noop as _

#: A number as courts give it, such as 2C-1234/2026: no spaces, so that it is no sentence and names nobody.
REFERENCE: Final = re.compile(r"(?=.*[0-9])[A-Za-z0-9./_:-]{3,60}")
REFERENCE_WORDS: Final = _(
    "Give the number of the order, such as 2C-1234/2026: at least 3 letters, digits or signs, no spaces and no names."
)


def is_reference(text: str) -> bool:
    """Whether it can be the number of an order."""
    return REFERENCE.fullmatch(text) is not None
