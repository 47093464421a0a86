"""What the machine itself knows of people, forms and grants, in the plainest words: its word against the registry's."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from consent.models import Donor, FormVersion

Pk = Any


@dataclass
class Person:
    """One donor: what they allow, on which version they signed it, how they were checked, how far they left."""

    donor: Donor
    signed: int
    trains: bool = True
    ends: bool = False
    check: int = 0
    left: bool = False
    erased: bool = False
    quiet: bool = False
    #: The grants that went on when they wanted nothing new; None while they do not mind.
    only: set[Pk] | None = None


@dataclass
class Access:
    """One grant: what for, until when, and whether a steward ended it."""

    trains: bool
    until: datetime
    revoked: bool = False


@dataclass
class Known:
    """All of it.

    `due`: of each published version the moment by which earlier signatures are to be made anew, if any; `offered`: the
    one that can be signed, if any. `minimum`: the level of checks that the programme asks for. `last_day`: of those who
    gave until a day.
    """

    last_day: date
    people: dict[Pk, Person] = field(default_factory=dict)
    accesses: dict[Pk, Access] = field(default_factory=dict)
    due: list[datetime | None] = field(default_factory=list)
    minimum: int = 0
    offered: FormVersion | None = None

    def newest(self) -> int:
        """The version that is signed now."""
        return len(self.due) - 1

    def rests(self, person: Person, now: datetime) -> bool:
        """Whether nothing may be done with a gift for now, though it was not taken back."""
        missed = any(by is not None and by <= now for by in self.due[person.signed + 1 :])
        return missed or person.check < self.minimum

    def allows(self, person: Person, access_pk: Pk, now: datetime) -> bool:
        """Whether this person's images may be used under this grant, as far as the person is asked."""
        access = self.accesses[access_pk]
        went_on = person.only is not None and access_pk in person.only
        return self.permits_anew(replace(person, only=None) if went_on else person, access.trains, now)

    def permits_anew(self, person: Person, trains: bool, now: datetime) -> bool:
        """Whether this person's images may be granted for a new use."""
        over = person.ends and now.date() > self.last_day
        untrained = trains and not person.trains
        return not (person.left or over or untrained or person.only is not None or self.rests(person, now))

    def is_live(self, access_pk: Pk, now: datetime) -> bool:
        """Whether a grant may still give anything."""
        access = self.accesses[access_pk]
        return not access.revoked and now < access.until
