"""What a donor may take away again of what they gave, and why something is not among it. Plain Python."""

from datetime import timedelta
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
    LATER = "later"  # it came after the copies of what was sent were made: ask for them again
    HEAD = "head"  # a face could be made of the clean copy, which therefore leaves the sandbox for nobody


#: The code of a file of which no copy was made for its donor.
NOT_COPIED: Final = "not_copied"
#: For so long copies of files as they were sent are there for their donor.
KEPT: Final = timedelta(days=7)
#: Reasons for which a file is not used, and which say that it may be about somebody else.
ANOTHERS: Final = frozenset({"wrong_person", "recalled", "coded_other"})
