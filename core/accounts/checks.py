"""How it was checked who a donor is, and that they may sign for another: every way there is, in one place."""

from enum import StrEnum
from typing import Final


class IdentityCheck(StrEnum):
    """How a donor's identity was checked, from the weakest to the strongest."""

    SELF_DECLARED = "self_declared"
    EMAIL_CONFIRMED = "email_confirmed"
    SITE_IN_PERSON = "site_in_person"
    ELECTRONIC_ID = "electronic_id"


class AuthorityCheck(StrEnum):
    """How it was checked that somebody may sign for another."""

    NOT_NEEDED = "not_needed"  # signs for oneself
    DECLARED = "declared"
    DOCUMENT_SEEN = "document_seen"
    REGISTER_ASKED = "register_asked"


#: A check counts for a programme's minimum when its level is at least that of the minimum.
LEVELS: Final = {check: level for level, check in enumerate(IdentityCheck)}

#: What a member of staff who has met the donor may record; the others are noted by the registry itself.
BY_STAFF: Final = (IdentityCheck.SITE_IN_PERSON, IdentityCheck.ELECTRONIC_ID)


def level(check: str) -> int:
    """How strong a check is; raises ValueError for one that is not known."""
    return LEVELS[IdentityCheck(check)]
