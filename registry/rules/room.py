"""How many bytes may lie in quarantine, and what is said when it is full. Plain Python."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from core.texts import gettext_noop as _

SENTENCES: Final = {
    "donor": _(
        "That is more than we can keep of one person before it is checked. What came in before is safe. Send off what "
        "is here, then wait until it has been checked."
    ),
    "day": _("That is more than we can take from one person in one day. What came in before is safe. Go on tomorrow."),
    "programme": _(
        "We have no room for more just now, because many people are giving. What came in before is safe. "
        "Try again in a few days."
    ),
}


@dataclass(frozen=True)
class Most:
    """The most bytes: of a donor in quarantine, of what a donor begins in a day, of a programme in quarantine."""

    donor: int
    day: int
    programme: int


@dataclass(frozen=True)
class Account:
    """One sum that has a limit; `day` is empty but for the sum of a day."""

    scope: str
    subject_id: UUID
    most: int
    day: str = ""


def accounts(most: Most, *, donor_id: UUID, programme_id: UUID, today: date) -> list[Account]:
    """The sums that a file counts in, always in one order, so that two who reserve never wait for each other."""
    return [
        Account("donor", donor_id, most.donor),
        Account("day", donor_id, most.day, today.isoformat()),
        Account("programme", programme_id, most.programme),
    ]
