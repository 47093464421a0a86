"""Whatever people do, in whatever order, and whatever breaks: no byte without a live consent and a live grant.

A state machine of donors and researchers who consent, give, are granted access, freeze versions, ask for jobs, change
their choices and withdraw; of forms that change in what they mean, of a programme that asks for better checks, and of
days that pass; with workers that run, or do not, or meet a store that answers 500, die, or get in each other's way.
After every step each door is tried, and what opens is compared with what the machine itself knows.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from consent import actions as consent_actions
from consent import queries as consent
from consent.models import Donor, Withdrawal, WithdrawalStep
from consent.queries import Moment
from consent.rules.form_content import default_content
from consent.rules.renewal import Change
from consent.rules.use import Use
from core.accounts.checks import BY_STAFF, IdentityCheck, level
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.due.kinds import SWEEPS
from core.due.run import drain
from core.errors import Refused
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import Zone
from registry import actions, queries
from registry.actions.manifests import read_manifest
from registry.models import Dataset, DatasetVersion, Grant, Image, VersionEntry
from registry.queries.asked import asked_in, use_in
from registry.rules.leaving import Way
from registry.rules.manifest import MEDIA_TYPE
from registry.work import read_image
from tests.factories import consent as make_consent
from tests.factories import core as make_core
from tests.factories import registry as make
from tests.factories import training_jobs as make_jobs
from tests.whole.machine.clock import Clock
from tests.whole.machine.known import Access, Known, Person
from tests.whole.machine.trouble import KINDS as TROUBLES
from tests.whole.machine.trouble import Trouble, drain_through
from training_jobs import actions as job_actions
from training_jobs.models import JobInput, TrainingJob
from training_jobs.work import access, choosing, copying
from training_jobs.work.place import data_dir, remove_data

MOST_DONORS, MOST_GRANTS, MOST_VERSIONS = 4, 3, 4
KINDS = ("no_contact", "nothing_new", "no_further_use", "erase")
LEAVING = ("no_further_use", "erase")
#: Days after which the images of whoever chose so may not be used any more.
USED_FOR = 90
some = st.integers(0, 9)
troubles = st.lists(st.sampled_from(TROUBLES), min_size=1, max_size=12)


@contextmanager
def undone() -> Iterator[None]:
    """Everything in the block is rolled back; objects may be written in it, as in a test of Django's own."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]  # so that durable blocks are taken for outermost ones
    with atomic:
        yield
        transaction.set_rollback(True)


def form_until(last_day: Any) -> dict[str, Any]:
    """The default form with one choice more: to allow it until a day only."""
    content = default_content()
    words = {"label": "My scans may be used for a time only", "help": "Afterwards they are used no more."}
    choice = {"code": "until", "kind": "modifier", "term": "TS", "value": last_day.isoformat(), "when": True}
    content["choices"].append(choice | words)
    return content


class People(RuleBasedStateMachine):
    """What people do. `known` is the model's word against the registry's."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = undone()
        self.undo.__enter__()
        self.patches = pytest.MonkeyPatch()
        self.clock = Clock(self.patches)
        self.trouble = Trouble(self.patches)
        # The factory's images have no cleaning behind them: after some days curation would take them for left behind.
        # The log's sweeps have tests of their own, and would be most of the time here.
        for name in [name for name in SWEEPS if name.startswith(("curation.", "audit.", "consent.log"))]:
            self.patches.delitem(SWEEPS, name)
        self.leaving = False
        self.known = Known(last_day=(self.clock.now() + timedelta(days=USED_FOR)).date())
        self.jobs: list[TrainingJob] = []
        #: What was permitted at moments gone by: the moment, the use, the donors.
        self.said: list[tuple[Moment, Use, frozenset[Any]]] = []

    def teardown(self) -> None:
        self.patches.undo()
        self.undo.__exit__(None, None, None)

    @initialize(batch=st.sampled_from([1, 2]))
    def open(self, batch: int) -> None:
        self.programme: Programme = make_core.programme("machine")
        Programme.objects.filter(pk=self.programme.pk).update(leavers_per_version=batch)
        self.programme.refresh_from_db()
        self.steward = make_core.user(self.programme, Role.STEWARD)
        self.researcher = make_core.user(self.programme, Role.RESEARCHER, name="Rosa Researcher")
        self.dataset: Dataset = make.dataset(self.programme)
        self.content = form_until(self.known.last_day)
        self.publish(None)
        for number in range(2):
            self.consent(ends=False)
            self.give(number)
        self.freeze()
        self.grant(trains=True)

    def publish(self, days: int | None) -> None:
        draft = consent_actions.draft_form(programme=self.programme, slug="main", content=self.content, by=self.steward)
        asked: dict[str, Any] = {"change": Change.MATERIAL if days else Change.MINOR, "days": days}
        said = {"summary": "We say more clearly who may use your scans.", **asked} if self.known.due else {}
        version = consent_actions.publish_form(version=draft, by=self.steward, **said)
        assert (version.renew_by is None) == (days is None)
        self.known.due.append(version.renew_by)
        self.known.offered = version

    @precondition(lambda self: self.known.offered)
    @rule()
    def use_the_form_no_more(self) -> None:
        """Nobody signs until another is published; what was signed stays."""
        consent_actions.retire_form(version=self.known.offered, by=self.steward)
        self.known.offered = None

    @precondition(lambda self: len(self.known.due) < MOST_VERSIONS)
    @rule(days=st.sampled_from([None, 60, 100]))
    def change_form(self, days: int | None) -> None:
        """A small change, or one in what the form means: whoever signed before has to sign again in so many days."""
        self.publish(days)

    @rule(check=st.sampled_from(list(IdentityCheck)[:3]))
    def ask_for_checks(self, check: IdentityCheck) -> None:
        """The programme wants every donor's identity checked like this, from now on."""
        consent_actions.set_programme(programme=self.programme, minimum_check=check, by=self.steward)
        self.known.minimum = level(check)

    @rule(which=some, check=st.sampled_from(BY_STAFF))
    def check_identity(self, which: int, check: IdentityCheck) -> None:
        person = self.one(which)
        receipt = person.donor.signatures.latest("id")
        consent_actions.record_check(receipt=receipt.pk, check=check, by=self.steward)
        person.check = max(person.check, level(check))

    @rule(days=st.sampled_from([1, 20, 61, 370]))
    def days_pass(self, days: int) -> None:
        """No worker runs meanwhile: what has ended has ended by the date alone."""
        self.clock.move_on(days=days)

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

    @rule()
    def freeze(self) -> None:
        try:
            actions.freeze_version(dataset=self.dataset, bump="minor", by=self.steward)
        except Refused:
            return
        drain()

    @precondition(lambda self: len(self.known.accesses) < MOST_GRANTS)
    @rule(trains=st.booleans())
    def grant(self, trains: bool) -> None:
        newest = queries.latest_version(self.dataset)
        if newest is None:
            return
        try:
            made = make.grant(newest, self.researcher, train_model=trains, methods=True)
        except Refused:
            return  # nobody in the version permits it
        self.known.accesses[made.pk] = Access(trains, made.expires_at)

    @precondition(lambda self: self.known.accesses)
    @rule(which=some)
    def revoke(self, which: int) -> None:
        grant = self.access(which)
        try:
            actions.revoke_grant(grant=grant, reason="safety", by=self.steward)
        except Refused:
            assert grant.state != "active"
            return
        self.known.accesses[grant.pk].revoked = True

    @precondition(lambda self: self.known.accesses)
    @rule(which=some)
    def job(self, which: int) -> None:
        grant = self.access(which)
        try:
            job = job_actions.submit_job(
                grant=grant,
                template="image_classifier",
                parameters={**make_jobs.FAST, "seed": len(self.jobs) + 1},
                title="Spots",
                by=self.researcher,
            )
        except Refused:
            return
        assert self.known.is_live(grant.pk, self.clock.now())
        self.jobs.append(job)

    @precondition(lambda self: self.jobs)
    @rule(which=some)
    def stage(self, which: int) -> None:
        """What a job would be given now, as a worker chooses and copies it: the bytes that leave the store."""
        job = self.jobs[which % len(self.jobs)]
        try:
            grant = access.grant_of(job)
        except Refused:
            return
        assert self.known.is_live(grant.pk, self.clock.now())
        JobInput.objects.filter(job=job).delete()
        remove_data(job)
        choosing.choose(job, grant, by=make_core.SETUP)
        assert copying.copy_some(job, grant)
        expected = self.expected(grant).values_list("sha256", flat=True)
        assert sorted(copying.sha256_hex(file.read_bytes()) for file in data_dir(job).glob("images/*")) == sorted(
            expected
        )
        remove_data(job)

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
            return
        self.leaving = True
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

    @rule(trouble=troubles)
    def workers_run(self, trouble: list[str]) -> None:
        """After whatever was done last time; those that died hold their leases no longer."""
        self.clock.move_on(seconds=django_settings.LEASE_SECONDS + 1)
        drain_through(self.trouble, trouble)

    @precondition(lambda self: self.leaving)
    @rule()
    def all_goes_well_again(self) -> None:
        """The store answers and nobody dies, until nobody waits for an answer either: every withdrawal is complete."""
        for days in (31, 1, 1):
            self.clock.move_on(days=days)
            drain()
        self.leaving = False
        assert not Withdrawal.objects.exclude(state="complete").exists()
        assert not Withdrawal.objects.filter(certificate_sha256="").exists()

    @precondition(lambda self: self.said)
    @rule(which=st.integers(0, 99))
    def ask_about_the_past(self, which: int) -> None:
        """Whatever has happened since: by what was known then, what was permitted then."""
        moment, use, donors = self.said[which % len(self.said)]
        assert consent.permitted_at(use, moment, programme_id=self.programme.pk) == donors
        for pk in self.known.people:
            assert consent.verdict_at(pk, use, moment).allowed is (pk in donors)

    def one(self, which: int) -> Person:
        people = list(self.known.people.values())
        return people[which % len(people)]

    def access(self, which: int) -> Grant:
        grants = list(self.known.accesses)
        return Grant.objects.get(pk=grants[which % len(grants)])

    def expected(self, grant: Grant) -> Any:
        """What the grant may reach, by the machine's own knowledge."""
        now = self.clock.now()
        allow = [pk for pk, person in self.known.people.items() if self.known.allows(person, grant.pk, now)]
        return VersionEntry.objects.filter(version_id=grant.version_id, donor_id__in=allow)

    @property
    def left(self) -> set[Any]:
        return {pk for pk, person in self.known.people.items() if person.left}


class Doors(People):
    """Each door is tried after every step."""

    @invariant()
    def nothing_is_read_without_a_live_consent_and_a_live_grant(self) -> None:
        for grant in Grant.objects.filter(pk__in=list(self.known.accesses)):
            reached = list(queries.entries_for(grant))
            assert {entry.pk for entry in reached} == set(self.expected(grant).values_list("pk", flat=True))
            self.single_answers_agree(grant, reached)
            self.list_and_object_agree(grant, reached)
            self.check_manifest(grant)

    def single_answers_agree(self, grant: Grant, reached: list[VersionEntry]) -> None:
        """The one donor's answer, asked in either way, is that of the list."""
        held = {entry.donor_id for entry in reached}
        for pk in VersionEntry.objects.filter(version_id=grant.version_id).values_list("donor_id", flat=True):
            assert queries.access.reach_of(pk)(grant) is (pk in held)
            if pk in held:
                assert consent.verdict_for(pk, asked_in(grant)).allowed

    def list_and_object_agree(self, grant: Grant, reached: list[VersionEntry]) -> None:
        """What a list shows opens, and what is out of reach for everybody does not."""
        for entry in reached:
            assert read_image(entry, way=Way.SANDBOX)
        for entry in VersionEntry.objects.filter(version_id=grant.version_id, donor_id__in=self.left):
            with pytest.raises(Refused):
                read_image(entry, way=Way.SANDBOX)

    def check_manifest(self, grant: Grant) -> None:
        """A list of files that opens has nothing of anybody who left but an empty place."""
        version = DatasetVersion.objects.get(pk=grant.version_id)
        try:
            text = read_manifest(version=version, by=self.researcher).decode()
        except Refused:
            return
        others = Grant.objects.filter(version=version, researcher=self.researcher).values_list("pk", flat=True)
        assert any(self.known.is_live(pk, self.clock.now()) for pk in others)
        for row in json.loads(text)["rows"]:
            image = Image.objects.get(pk=row["file"].removeprefix("files/").removesuffix(".dcm"))
            assert image.donor_id not in self.left or set(row) == {"file", "sha256", "withdrawn"}

    @invariant()
    def the_past_begins_now(self) -> None:
        """What is permitted at this moment is what will be said of it."""
        moment, use = Moment.as_known_then(self.clock.now()), use_in(self.access(len(self.said)))
        donors = frozenset(consent.permitted(use, programme_id=self.programme.pk).values_list("pk", flat=True))
        assert consent.permitted_at(use, moment, programme_id=self.programme.pk) == donors
        self.said.append((moment, use, donors))

    @invariant()
    def jobs_are_given_nobody_who_does_not_allow_it(self) -> None:
        """What a job was given before, it may not keep: a step of it looks again before each byte is copied."""
        for job in self.jobs:
            grant = Grant.objects.get(pk=job.grant_id)
            held = set(JobInput.objects.filter(job=job).values_list("donor_id", flat=True))
            if not held <= set(self.expected(grant).values_list("donor_id", flat=True)):
                assert not choosing.still_the_same(job, grant)
            if held & self.left or not self.known.is_live(grant.pk, self.clock.now()):
                assert access.why_stop(job)

    @invariant()
    def doors_for_new_gifts_agree(self) -> None:
        for pk, person in self.known.people.items():
            assert consent.may_donate(pk) is not person.left
            assert consent.may_give_new(pk) is not (person.left or person.only is not None)

    @invariant()
    def once_the_workers_are_done_nothing_of_who_left_lies_anywhere(self) -> None:
        done = WithdrawalStep.objects.filter(duty="storage.everywhere", state="done").values("withdrawal__donor_id")
        for thing in StoredObject.objects.filter(donor_id__in=done):
            assert not store().exists(Zone(thing.zone), thing.key)
        for withdrawal in Withdrawal.objects.exclude(certificate_sha256=""):
            assert not withdrawal.steps.exclude(state="done").exists()
            assert not withdrawal.steps.filter(proof={}).exists()
        for withdrawal in Withdrawal.objects.filter(state="under_way"):
            assert consent.certificate_of(withdrawal) is None
        assert not StoredObject.objects.filter(donor_id=None, zone=Zone.CLEAN).exclude(media_type=MEDIA_TYPE).exists()


def check(examples: int, steps: int) -> None:
    """Runs the machine."""
    assert connection.in_atomic_block
    run_state_machine_as_test(
        Doors,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)],  # it would take minutes
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@pytest.mark.django_db
def test_no_byte_without_consent_and_grant() -> None:
    check(8, 10)


@pytest.mark.nightly
@pytest.mark.django_db
def test_no_byte_without_consent_and_grant_at_length() -> None:
    check(200, 40)
