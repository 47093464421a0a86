"""Whatever people do, in whatever order: no byte can be read without a live consent and a live grant.

A state machine of donors and researchers who consent, give, are granted access, freeze versions, ask for jobs, change
their choices and withdraw, with workers that run or do not. After every step each door is tried.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
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
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.due.run import drain
from core.errors import Refused
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import Zone
from registry import actions, queries
from registry.actions.manifests import read_manifest
from registry.models import Dataset, DatasetVersion, Grant, Image, VersionEntry
from registry.queries.asked import asked_in
from registry.rules.leaving import Way
from registry.rules.manifest import MEDIA_TYPE
from registry.work import read_image
from tests.factories import consent as make_consent
from tests.factories import core as make_core
from tests.factories import registry as make
from tests.factories import training_jobs as make_jobs
from training_jobs import actions as job_actions
from training_jobs.models import JobInput, TrainingJob
from training_jobs.work import choosing

MOST_DONORS, MOST_GRANTS = 4, 3
KINDS = ("no_contact", "nothing_new", "no_further_use", "erase")


@contextmanager
def undone() -> Iterator[None]:
    """Everything in the block is rolled back; objects may be written in it, as in a test of Django's own."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]  # so that durable blocks are taken for outermost ones
    with atomic:
        yield
        transaction.set_rollback(True)


class Registry(RuleBasedStateMachine):
    """One programme. `left`, `limited`: donors who have; the model's word against the registry's."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = undone()
        self.undo.__enter__()
        self.donors: list[Donor] = []
        self.left: set[Any] = set()
        self.no_training: set[Any] = set()
        self.limited: dict[Any, set[Any]] = {}
        self.grants: list[Grant] = []
        self.jobs: list[TrainingJob] = []

    def teardown(self) -> None:
        self.undo.__exit__(None, None, None)

    @initialize(batch=st.sampled_from([1, 2]))
    def open(self, batch: int) -> None:
        self.programme: Programme = make_core.programme("machine")
        Programme.objects.filter(pk=self.programme.pk).update(leavers_per_version=batch)
        self.programme.refresh_from_db()
        self.steward = make_core.user(self.programme, Role.STEWARD)
        self.researcher = make_core.user(self.programme, Role.RESEARCHER, name="Rosa Researcher")
        self.dataset: Dataset = make.dataset(self.programme)
        for number in range(2):
            self.consent()
            self.give(number)
        self.freeze()
        self.grant(trains=True)

    @precondition(lambda self: len(self.donors) < MOST_DONORS)
    @rule()
    def consent(self) -> None:
        self.donors.append(make_consent.donor(self.programme))

    @rule(which=st.integers(0, 9))
    def give(self, which: int) -> None:
        donor = Donor.objects.get(pk=self.one(which).pk)
        if not hasattr(donor, "person"):
            return  # they were erased: there is nobody to give
        try:
            make.images(donor, 1)
        except Refused:
            assert donor.pk in self.left | set(self.limited)

    @rule()
    def freeze(self) -> None:
        try:
            actions.freeze_version(dataset=self.dataset, bump="minor", by=self.steward)
        except Refused:
            return
        drain()

    @precondition(lambda self: len(self.grants) < MOST_GRANTS)
    @rule(trains=st.booleans())
    def grant(self, trains: bool) -> None:
        newest = queries.latest_version(self.dataset)
        if newest is None:
            return
        try:
            made = make.grant(newest, self.researcher, train_model=trains, methods=True)
        except Refused:
            return  # nobody in the version permits it
        self.grants.append(made)

    @precondition(lambda self: self.grants)
    @rule(which=st.integers(0, 9))
    def revoke(self, which: int) -> None:
        grant = self.grants[which % len(self.grants)]
        actions.revoke_grant(grant=Grant.objects.get(pk=grant.pk), reason="safety", by=self.steward)

    @precondition(lambda self: self.grants)
    @rule(which=st.integers(0, 9))
    def job(self, which: int) -> None:
        grant = Grant.objects.get(pk=self.grants[which % len(self.grants)].pk)
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
        self.jobs.append(job)

    @precondition(lambda self: self.jobs)
    @rule(which=st.integers(0, 9))
    def choose_inputs(self, which: int) -> None:
        """What a job would be given now, as a worker chooses it."""
        job = self.jobs[which % len(self.jobs)]
        grant = Grant.objects.get(pk=job.grant_id)
        JobInput.objects.filter(job=job).delete()
        choosing.choose(job, grant, by=make_core.SETUP)

    @rule(which=st.integers(0, 9), trains=st.booleans())
    def change(self, which: int, trains: bool) -> None:
        donor = self.one(which)
        if donor.pk in self.left:
            return
        person = donor.person
        consent_actions.change_choices(
            donor=donor,
            choices=make_consent.choices(train_models=trains, share_weights=True if trains else None),
            typed_name=f"{person.given_name} {person.family_name}",
            by=person.user,
        )
        (self.no_training.discard if trains else self.no_training.add)(donor.pk)

    @rule(which=st.integers(0, 9), kind=st.sampled_from(KINDS))
    def withdraw(self, which: int, kind: str) -> None:
        donor = Donor.objects.get(pk=self.one(which).pk)
        if not hasattr(donor, "person"):
            return  # they were erased: there is nobody to withdraw
        try:
            consent_actions.withdraw(donor=donor, kind=kind, by=donor.person.user)
        except Refused:
            return
        if kind in ("no_further_use", "erase"):
            self.left.add(donor.pk)
        elif kind == "nothing_new":
            self.limited[donor.pk] = {grant.pk for grant in self.grants}

    @rule()
    def workers_run(self) -> None:
        drain()

    def one(self, which: int) -> Donor:
        return self.donors[which % len(self.donors)]

    @invariant()
    def nothing_is_read_without_a_live_consent_and_a_live_grant(self) -> None:
        for grant in Grant.objects.filter(pk__in=[grant.pk for grant in self.grants]):
            reached = list(queries.entries_for(grant))
            for entry in reached:
                self.check_reached(entry, grant)
            self.list_and_object_agree(grant, reached)
            self.check_manifest(grant)

    def check_reached(self, entry: VersionEntry, grant: Grant) -> None:
        donor_id = entry.donor_id
        assert donor_id not in self.left
        assert not (asked_in(grant).use.trains and donor_id in self.no_training)
        assert donor_id not in self.limited or grant.pk in self.limited[donor_id]
        assert consent.verdict_for(donor_id, asked_in(grant)).allowed

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
        assert grant.state == "active" or any(
            other.state == "active" for other in Grant.objects.filter(version=version, researcher=self.researcher)
        )
        for row in json.loads(text)["rows"]:
            image = Image.objects.get(pk=row["file"].removeprefix("files/").removesuffix(".dcm"))
            assert image.donor_id not in self.left or set(row) == {"file", "sha256", "withdrawn"}

    @invariant()
    def jobs_are_given_nobody_who_left(self) -> None:
        """What a job was given before, it may not keep: a step of it looks again before each byte is copied."""
        for job in self.jobs:
            grant = Grant.objects.get(pk=job.grant_id)
            held = set(JobInput.objects.filter(job=job).values_list("donor_id", flat=True))
            if held & self.left:
                assert not choosing.still_the_same(job, grant)

    @invariant()
    def doors_for_new_gifts_agree(self) -> None:
        for donor in self.donors:
            assert consent.may_donate(donor.pk) is (donor.pk not in self.left)
            assert consent.may_give_new(donor.pk) is (donor.pk not in self.left | set(self.limited))

    @invariant()
    def once_the_workers_are_done_nothing_of_who_left_lies_anywhere(self) -> None:
        done = WithdrawalStep.objects.filter(duty="storage.everywhere", state="done").values("withdrawal__donor_id")
        for thing in StoredObject.objects.filter(donor_id__in=done):
            assert not store().exists(Zone(thing.zone), thing.key)
        for withdrawal in Withdrawal.objects.exclude(certificate_sha256=""):
            assert not withdrawal.steps.exclude(state="done").exists()
            assert not withdrawal.steps.filter(proof={}).exists()
        assert not StoredObject.objects.filter(donor_id=None, zone=Zone.CLEAN).exclude(media_type=MEDIA_TYPE).exists()


def check(examples: int, steps: int) -> None:
    """Runs the machine."""
    assert connection.in_atomic_block
    run_state_machine_as_test(
        Registry,
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
