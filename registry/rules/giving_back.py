"""What a donor may take away again of what they gave, and why something is not among it. Plain Python."""

from enum import StrEnum
from typing import Final


class Copy(StrEnum):
    """Which of the two that there are of a file. The values are the folders' names in what a donor takes away."""

    SENT = "as-you-sent-them"
    CLEAN = "cleaned"


class Gone(StrEnum):
    """Why a file is not handed back."""

    ERASED = "erased"
    HELD = "held"  # the name on it is another's: the donor is asked first
    STOPPED = "stopped"  # somebody else may be recognised in it
    HEAD = "head"  # a face could be made of the clean copy, which therefore leaves the sandbox for nobody


#: Reasons for which a file is not used, and which say that it may be about somebody else.
ANOTHERS: Final = frozenset({"wrong_person", "recalled", "coded_other"})
