"""The researchers of the machine: versions that are frozen for them, grants that begin and end, jobs."""

from typing import Any

from django.db.models import QuerySet
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)

from consent.models import Tally
from core.due.run import drain
from core.errors import Refused
from registry import actions, queries
from registry.models import DatasetVersion, Grant, HolderNotice, VersionEntry
from registry.work import count_donors
from tests.factories import core as make_core
from tests.factories import registry as make
from tests.factories import training_jobs as make_jobs
from tests.whole.machine.donors import Donors, some
from tests.whole.machine.known import Access
from training_jobs import actions as job_actions
from training_jobs.models import JobInput
from training_jobs.work import access, choosing, copying
from training_jobs.work.place import data_dir, remove_data

MOST_GRANTS = 3


class Researchers(Donors):
    """What is done with what donors gave."""

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
        Tally.objects.filter(subject_id=newest.pk).delete()  # as if a day had passed since the donors were counted
        count_donors(newest.pk)
        try:
            made = make.grant(newest, self.researcher, train_model=trains, methods=True)
        except Refused:
            assert not self.permitting(newest, trains)
            return
        assert self.permitting(newest, trains)
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
            is_open = grant.version.state == "frozen" and self.known.accesses[grant.pk].trains and not self.owes()
            assert not (is_open and self.known.is_live(grant.pk, self.clock.now()))
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

    def access(self, which: int) -> Grant:
        grants = list(self.known.accesses)
        return Grant.objects.get(pk=grants[which % len(grants)])

    def expected(self, grant: Grant) -> Any:
        """What the grant may reach, by the machine's own knowledge."""
        now = self.clock.now()
        allow = [pk for pk, person in self.known.people.items() if self.known.allows(person, grant.pk, now)]
        return VersionEntry.objects.filter(version_id=grant.version_id, donor_id__in=[] if self.owes() else allow)

    def permitting(self, version: DatasetVersion, trains: bool) -> bool:
        """Whether anybody in the version permits a new grant, by the machine's own knowledge."""
        held = version.entries.filter(tombstoned_at=None).values_list("donor_id", flat=True)
        people = [self.known.people[pk] for pk in held]
        return any(self.known.permits_anew(person, trains, self.clock.now()) for person in people)

    def owed(self) -> QuerySet[HolderNotice]:
        """What the researcher was asked about their copies and has not answered."""
        return HolderNotice.objects.filter(grant__researcher=self.researcher, attested_at=None)

    def owes(self) -> bool:
        """Whether the researcher should have answered by now: then they use nothing of the programme."""
        return self.owed().filter(deadline__lte=self.clock.now()).exists()

    @precondition(lambda self: self.leaving)
    @rule()
    def answer(self) -> None:
        """The researcher says of every copy that it is deleted, in time or late."""
        for notice in self.owed().exclude(deadline=None):
            actions.attest(notice=notice, by=self.researcher)
