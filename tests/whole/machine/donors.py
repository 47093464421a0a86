"""The donors of the machine: they consent, give, change their choices and withdraw, while workers meet trouble."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)

from consent import actions as consent_actions
from consent.models import Donor
from core.accounts.checks import BY_STAFF, IdentityCheck, level
from core.errors import Refused
from tests.factories import consent as make_consent
from tests.factories import registry as make
from tests.whole.machine.forms import Forms
from tests.whole.machine.known import Person
from tests.whole.machine.trouble import KINDS as TROUBLES
from tests.whole.machine.trouble import drain_through

MOST_DONORS = 4
KINDS = ("no_contact", "nothing_new", "no_further_use", "erase")
LEAVING = ("no_further_use", "erase")
some = st.integers(0, 9)
troubles = st.lists(st.sampled_from(TROUBLES), min_size=1, max_size=12)


def said_already(person: Person, kind: str) -> bool:
    """Whether there is nothing more in it: it was asked for, or something stronger was."""
    so_far = {
        "no_contact": person.quiet,
        "nothing_new": person.only is not None or person.left,
        "no_further_use": person.left,
        "erase": person.erased,
    }
    return so_far[kind]


class Donors(Forms):
    """What donors do."""

    @precondition(lambda self: len(self.known.people) < MOST_DONORS and self.known.offered)
    @rule(ends=st.booleans())
    def consent(self, ends: bool) -> None:
        donor = make_consent.donor(self.programme, until=ends)
        self.known.people[donor.pk] = Person(donor, signed=self.known.newest(), ends=ends)

    @rule(which=some)
    def give(self, which: int) -> None:
        person = self.one(which)
        donor = Donor.objects.get(pk=person.donor.pk)
        if not hasattr(donor, "person"):
            return  # they were erased: there is nobody to give
        try:
            make.images(donor, 1)
        except Refused:
            assert person.left or person.only is not None

    @rule(which=some, check=st.sampled_from(BY_STAFF))
    def check_identity(self, which: int, check: IdentityCheck) -> None:
        person = self.one(which)
        receipt = person.donor.signatures.latest("id")
        consent_actions.record_check(receipt=receipt.pk, check=check, by=self.steward)
        person.check = max(person.check, level(check))

    @rule(which=some, trains=st.booleans(), ends=st.booleans())
    def change(self, which: int, trains: bool, ends: bool) -> None:
        """Other choices, on the version that is offered now: that signs it again, too."""
        person = self.one(which)
        if person.left:
            return
        who = person.donor.person
        try:
            consent_actions.change_choices(
                donor=person.donor,
                choices=make_consent.choices(train_models=trains, share_weights=True if trains else None, until=ends),
                typed_name=f"{who.given_name} {who.family_name}",
                by=who.user,
            )
        except Refused:
            assert self.known.offered is None
            return
        assert self.known.offered is not None
        person.trains, person.ends, person.signed = trains, ends, self.known.newest()

    @rule(which=some, kind=st.sampled_from(KINDS), trouble=troubles, again=st.sampled_from([None, *LEAVING]))
    def withdraw(self, which: int, kind: str, trouble: list[str], again: str | None) -> None:
        """From one page, or from two that were opened before either was sent; the workers meet trouble at once."""
        person = self.one(which)
        pages = [Donor.objects.get(pk=person.donor.pk) for _ in range(2)]
        if not hasattr(pages[0], "person"):
            return  # they were erased: there is nobody to withdraw
        self.take_back(person, pages[0], kind)
        if again is not None:
            self.take_back(person, pages[1], again)
        drain_through(self.trouble, trouble)

    @rule(which=some, kind=st.sampled_from(LEAVING), trouble=troubles)
    def leave(self, which: int, kind: str, trouble: list[str]) -> None:
        """The same, once more: what matters most is tried most."""
        self.withdraw(which, kind, trouble, None)

    def take_back(self, person: Person, page: Donor, kind: str) -> None:
        try:
            consent_actions.withdraw(donor=page, kind=kind, by=person.donor.person.user)
        except Refused:
            assert said_already(person, kind)
            return
        assert not said_already(person, kind)
        self.leaving = True
        person.erased = person.erased or kind == "erase"
        person.quiet = person.quiet or kind == "no_contact"
        if kind in LEAVING:
            person.left = True
        elif kind == "nothing_new":
            person.only = set(self.known.accesses)

    @rule(which=some)
    def allow_new_again(self, which: int) -> None:
        person = self.one(which)
        if person.only is None or person.left:
            return
        who = person.donor.person
        name = f"{who.given_name} {who.family_name}"
        consent_actions.allow_new(donor=person.donor, typed_name=name, by=who.user)
        person.only = None

    def one(self, which: int) -> Person:
        people = list(self.known.people.values())
        return people[which % len(people)]

    @property
    def left(self) -> set[Any]:
        return {pk for pk, person in self.known.people.items() if person.left}
