"""Whether something failed because a disk is full: the one rule for stores, uploads on their way, and the database."""

import errno

from django.db import OperationalError

from core.errors import Unavailable
from core.texts import gettext_noop as _

FULL = {errno.ENOSPC, errno.EDQUOT}
#: PostgreSQL's code for a full disk (its manual, appendix A), and SQLite's words for SQLITE_FULL.
POSTGRES, SQLITE = "53100", "disk is full"
SENTENCE = _(
    "There is no room left on our side at this moment. What was kept before is safe. We have to make room: try again "
    "later."
)


class NoRoom(Unavailable):
    """A disk is full; the same can be done again once there is room."""

    default_code = "no_room"

    def __init__(self) -> None:
        super().__init__(SENTENCE)


def is_full(error: BaseException) -> bool:
    """Whether the error says that a disk, or somebody's share of it, is full."""
    if isinstance(error, OSError):
        return error.errno in FULL
    if isinstance(error, OperationalError):
        return getattr(error.__cause__, "sqlstate", "") == POSTGRES or SQLITE in str(error)
    return False
