"""How far a donor goes when they take something back, and what each step means. Plain Python."""

from enum import StrEnum
from typing import Final


class WithdrawalKind(StrEnum):
    """From the least to the most. A narrower use is not among them: that is a change of choices, and is signed."""

    NO_CONTACT = "no_contact"  # the registry writes to the donor no more; everything else goes on
    NOTHING_NEW = "nothing_new"  # no new images, versions or projects; what exists goes on
    NO_FURTHER_USE = "no_further_use"  # the consent ends; images and clean objects go
    ERASE = "erase"  # the same, and who the donor was, and their account


#: Those that end the consent.
LEAVING: Final = frozenset({WithdrawalKind.NO_FURTHER_USE, WithdrawalKind.ERASE})
#: Those that leave it as it is; the donor may lift them again. Each with the column that says since when.
LIMITING: Final = {WithdrawalKind.NO_CONTACT: "no_contact_since", WithdrawalKind.NOTHING_NEW: "nothing_new_since"}
#: Of these, those that may be asked for after the consent has ended too: then there is still something to write.
ALSO_AFTERWARDS: Final = frozenset({WithdrawalKind.NO_CONTACT})
ALL: Final = frozenset(WithdrawalKind)
