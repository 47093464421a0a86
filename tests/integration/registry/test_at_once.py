"""Two people, or one person twice, at the very same moment: one thing happens, and the other gets a sentence."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.audit.models import Event
from core.due.run import drain
from core.errors import Refused
from core.notifications.models import Notice
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import ObjectState
from registry import actions, work
from registry.models import (
    DatasetVersion,
    DonatedFile,
    Donation,
    Grant,
    HolderNotice,
    IdentityReport,
    QuarantineUse,
    Upload,
    Vote,
)
from registry.rules.lifecycle import DonationState, RequestState, VersionState
from registry.rules.promised import Promised
from registry.rules.recall import Where
from registry.work.parts import reap_parts
from tests.factories import consent, core
from tests.factories import registry as make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Does the deeds at the same moment; returns `done` or the code of the refusal for each."""
    together = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> str:
        try:
            together.wait()
            deed()
        except Refused as refused:
            return refused.code
        except OperationalError:
            return "busy"  # SQLite's in-memory database of tests does not wait as the real one does
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def test_the_same_file_sent_twice_at_once_is_kept_once(programme: Programme) -> None:
    donor = consent.donor(programme)
    by, donation = make.user_of(donor), make.donation(donor, 0, submitted=False)
    data = make.own_dicom(donor)
    at_once(*[lambda: make.upload(Donation.objects.get(pk=donation.pk), data, by)] * 3)
    make.upload(donation, data, by)
    assert DonatedFile.objects.count() == 1
    held = DonatedFile.objects.values("stored_id")
    unkept = StoredObject.objects.exclude(pk__in=held).exclude(state=ObjectState.ERASED)
    assert unkept.filter(state=ObjectState.STORED).count() == 0


@pytest.mark.parametrize("ends", [400, None])
def test_of_two_who_send_the_same_part_one_wins(programme: Programme, ends: int | None) -> None:
    donor = consent.donor(programme)
    by, donation, data = make.user_of(donor), make.donation(donor, 0, submitted=False), make.own_dicom(donor)
    listed = [Promised(0, len(data), hashlib.sha256(data).hexdigest())]
    (file,) = actions.promise_files(donation=donation, files=listed, by=by)
    assert file.upload is not None
    seen = [Upload.objects.select_related("donation").get(pk=file.upload.pk) for _ in range(3)]
    answers = at_once(
        *[partial(actions.add_part, upload=one, offset=0, stream=BytesIO(data[:ends]), by=by) for one in seen]
    )
    assert set(answers) <= {"done", "offset", "busy"}
    assert answers.count("done") <= 1
    now = Upload.objects.get()
    if "done" not in answers:  # the database was held: the sender asks how far it is
        now = actions.add_part(upload=now, offset=now.offset, stream=BytesIO(data[now.offset : ends]), by=by)
    assert now.offset == (ends or len(data))
    done = actions.add_part(upload=now, offset=ends, stream=BytesIO(data[ends:]), by=by) if ends else now
    assert (done.state, DonatedFile.objects.get().sha256) == ("taken", listed[0].sha256)
    StoredObject.objects.update(created_at=timezone.now() - timedelta(days=2))
    reap_parts()
    work.reap_broken_off()
    stored = DonatedFile.objects.get().stored
    assert set(StoredObject.objects.exclude(state=ObjectState.ERASED)) == {stored, *stored.pieces.all()}
    assert storage.read(stored) == data


def test_who_reserve_together_never_pass_the_limit(programme: Programme, settings: Any) -> None:
    settings.QUARANTINE_MOST = {**settings.QUARANTINE_MOST, "programme": 1_000}
    donors = [consent.donor(programme) for _ in range(4)]
    donations = [make.donation(donor, 0, submitted=False) for donor in donors]

    def promise(donation: Donation) -> None:
        by = make.user_of(donation.donor)
        listed = [Promised(n, 300, f"{donation.pk.int + n:064x}"[-64:]) for n in range(2)]
        actions.promise_files(donation=donation, files=listed, by=by)

    answers = at_once(*[partial(promise, one) for one in donations])
    assert set(answers) <= {"done", "quota_programme", "busy"}
    assert answers.count("done") <= 1
    assert Upload.objects.count() == 2 * answers.count("done")
    if "done" not in answers:
        promise(donations[0])
    for donation in donations:
        held = Upload.objects.filter(donation=donation).exists()
        assert at_once(partial(promise, donation)) == ["done" if held else "quota_programme"]
    assert QuarantineUse.objects.get(scope="programme").used == 600


def test_a_donation_is_begun_once(programme: Programme) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    at_once(*[lambda: actions.start_donation(donor=donor, by=by)] * 3)
    actions.start_donation(donor=donor, by=by)
    assert Donation.objects.count() == 1


def test_sending_off_while_a_file_comes_in_loses_neither(programme: Programme) -> None:
    donor = consent.donor(programme)
    by, donation = make.user_of(donor), make.donation(donor, 1, submitted=False)
    data = make.own_dicom(donor)
    codes = at_once(
        lambda: actions.submit_donation(donation=Donation.objects.get(pk=donation.pk), by=by),
        lambda: make.upload(Donation.objects.get(pk=donation.pk), data, by),
    )
    actions.submit_donation(donation=Donation.objects.get(pk=donation.pk), by=by)
    assert Donation.objects.get().state == DonationState.SUBMITTED
    assert DonatedFile.objects.count() == (2 if codes[1] == "done" else 1)


def test_three_votes_at_once_make_one_decision(programme: Programme) -> None:
    make.images(consent.donor(programme), 1)
    request = make.request(make.version(make.dataset(programme)))
    members = [core.user(programme, Role.COMMITTEE) for _ in range(3)]

    def vote(member: object) -> Callable[[], object]:
        fresh = type(request).objects.get(pk=request.pk)
        return lambda: actions.cast_vote(request=fresh, approves=True, reason="Good", by=member)  # type: ignore[arg-type]

    at_once(*[vote(member) for member in members])
    for member in members:  # whoever was turned away tries again
        at_once(vote(member))
    request.refresh_from_db()
    assert request.state == RequestState.APPROVED
    assert Vote.objects.count() == 2
    assert Grant.objects.count() == 1


def test_a_version_is_begun_and_frozen_once(programme: Programme) -> None:
    make.images(consent.donor(programme), 2)
    dataset, by = make.dataset(programme), consent.steward(programme)
    codes = at_once(*[lambda: actions.freeze_version(dataset=dataset, bump="minor", by=by)] * 3)
    if "done" not in codes:
        actions.freeze_version(dataset=dataset, bump="minor", by=by)
    version = DatasetVersion.objects.get(number="1.0.0")
    at_once(*[lambda: work.freeze(version.pk)] * 3)
    work.freeze(version.pk)
    version.refresh_from_db()
    assert version.state == VersionState.FROZEN
    assert version.entries.count() == version.image_count == 2


def test_a_withdrawal_during_an_upload_leaves_nothing_in_use(programme: Programme) -> None:
    donor = consent.donor(programme)
    by, donation = make.user_of(donor), make.donation(donor, 1, submitted=False)
    data = make.own_dicom(donor)
    at_once(
        lambda: consent.actions.withdraw(donor=donor, kind="no_further_use", by=by),
        lambda: make.upload(Donation.objects.get(pk=donation.pk), data, by),
    )
    donation.refresh_from_db()
    if donation.state != DonationState.WITHDRAWN:  # the upload held the database; the donor tries again
        consent.actions.withdraw(donor=donor, kind="no_further_use", by=by)
    drain()
    assert not StoredObject.objects.filter(donor_id=donor.pk).exclude(state=ObjectState.ERASED).exists()


def test_two_reports_of_one_image_at_once_both_stand_and_it_is_stopped_once(programme: Programme) -> None:
    image = make.images(consent.donor(programme), 1)[0]
    grant = make.grant(make.version(make.dataset(programme)))
    reporters = [core.user(), core.user()]

    def report(by: User) -> Callable[[], object]:
        where = Where(sha256=image.sha256)
        return lambda: actions.report_identity(programme=programme, where=where, seen="name", description="", by=by)

    answers = at_once(*[report(by) for by in reporters])
    assert set(answers) <= {"done", "busy"}
    for by, answer in zip(reporters, answers, strict=True):
        if answer == "busy":
            report(by)()
    image.refresh_from_db()
    grant.version.refresh_from_db()
    assert (image.state, grant.version.state) == ("recalled", "closed")
    assert IdentityReport.objects.filter(state="open", images__image=image).count() == 2
    assert HolderNotice.objects.filter(grant=grant).count() == 2


def test_of_two_stewards_who_decide_at_once_one_decides(programme: Programme) -> None:
    image = make.images(consent.donor(programme), 1)[0]
    first, second = (core.user(programme, Role.STEWARD) for _ in range(2))
    where = Where(uid=image.sop_uid)
    report = actions.report_identity(programme=programme, where=where, seen="name", description="", by=first)
    seen = [IdentityReport.objects.get(pk=report.pk) for _ in range(2)]
    answers = at_once(
        lambda: actions.confirm_report(report=seen[0], reason="face", by=first),
        lambda: actions.dismiss_report(report=seen[1], reason="nobody", by=second),
    )
    assert answers.count("done") == 1
    report.refresh_from_db()
    image.refresh_from_db()
    assert (report.state, image.state) in {("confirmed", "recalled"), ("dismissed", "available")}


def test_two_browsers_that_finish_at_once_close_one_letter_and_tell_once(programme: Programme) -> None:
    given = make.donation(consent.donor(programme), 0, submitted=False)
    invitation, _ = actions.invite(donation=given, by=make.user_of(given.donor))
    actions.add_sent(invitation=invitation, stream=BytesIO(make.own_dicom(given.donor)))
    finish = partial(actions.finish_sending, invitation_id=invitation.pk)
    answers = at_once(finish, finish, finish)
    assert "done" in answers
    assert set(answers) <= {"done", "busy"}
    assert Event.objects.filter(verb="registry.invitation.finished").count() == 1
    assert Notice.objects.filter(dedupe__contains="invitation:").count() == 1


def test_a_letter_that_is_ended_while_files_come_has_each_file_or_its_refusal(programme: Programme) -> None:
    given = make.donation(consent.donor(programme), 0, submitted=False)
    invitation, _ = actions.invite(donation=given, by=make.user_of(given.donor))
    sends = [
        partial(actions.add_sent, invitation=invitation, stream=BytesIO(make.own_dicom(given.donor))) for _ in range(3)
    ]
    answers = at_once(*sends, partial(actions.end_invitation, invitation=invitation, by=make.user_of(given.donor)))
    assert set(answers) <= {"done", "over", "busy"}
    assert DonatedFile.objects.filter(invitation=invitation).count() == answers[:3].count("done")
    left = StoredObject.objects.exclude(state=ObjectState.ERASED).exclude(pk__in=DonatedFile.objects.values("stored"))
    assert not left.exists() or "busy" in answers
