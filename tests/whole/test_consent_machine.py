"""Whatever people do, in whatever order, and whatever breaks: no byte without a live consent and a live grant.

A state machine of donors and researchers who consent, give, are granted access, freeze versions, ask for jobs, change
their choices and withdraw; of forms that change in what they mean, of a programme that asks for better checks, and of
days that pass; with workers that run, or do not, or meet a store that answers 500, die, or get in each other's way.
After every step each door is tried, and what opens is compared with what the machine itself knows.
"""

import json

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from consent import queries as consent
from consent.models import Withdrawal, WithdrawalStep
from consent.queries import Moment
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.due.run import drain
from core.errors import Refused
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import Zone
from registry import queries
from registry.actions.manifests import read_manifest
from registry.models import DatasetVersion, Grant, Image, VersionEntry
from registry.queries.asked import asked_in, use_in
from registry.rules.leaving import Way
from registry.rules.manifest import MEDIA_TYPE
from registry.work import read_image
from tests.factories import core as make_core
from tests.factories import registry as make
from tests.whole.machine.donors import troubles
from tests.whole.machine.forms import form_until
from tests.whole.machine.researchers import Researchers
from tests.whole.machine.trouble import drain_through
from training_jobs.models import JobInput
from training_jobs.work import access, choosing


class People(Researchers):
    """Everybody, and the workers."""

    @initialize(batch=st.sampled_from([1, 2]))
    def open(self, batch: int) -> None:
        self.programme = make_core.programme("machine")
        Programme.objects.filter(pk=self.programme.pk).update(leavers_per_version=batch)
        self.programme.refresh_from_db()
        self.steward = make_core.user(self.programme, Role.STEWARD)
        self.researcher = make_core.user(self.programme, Role.RESEARCHER, name="Rosa Researcher")
        self.dataset = make.dataset(self.programme)
        self.content = form_until(self.known.last_day)
        self.publish(None)
        for number in range(2):
            self.consent(ends=False)
            self.give(number)
        self.freeze()
        self.grant(trains=True)

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
        """The one donor's answer, asked in either way, is that of the list; who owes an answer has no list."""
        if self.owes():
            return
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
