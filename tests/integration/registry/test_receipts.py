"""Completing a donation, its receipt, and the day by which files as they were sent are gone."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.accounts.actions import set_raw_days
from core.accounts.models import Programme
from core.accounts.roles import Role, Scope
from core.audit.models import Event
from core.errors import Conflict, Invalid, Missing, NotAllowed
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import ObjectState, Zone
from registry import actions, queries
from registry.models import DonatedFile, Donation, Image
from registry.queries.given import sent_back
from registry.rules.raw import RawDays
from registry.rules.receipt import root_of
from registry.work.raw import destroy_raw
from tests.factories import consent, core
from tests.factories import registry as make
from tests.integration.registry.sent import by, promised, send
from tests.integration.registry.test_api import Program
from tests.integration.registry.test_pages import browser, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def donation(programme: Programme) -> Donation:
    """A donation with two images that is not sent off."""
    return make.donation(consent.donor(programme), 2, submitted=False)


def later(days: float) -> None:
    """Everything was given, and accepted, so long ago."""
    ago = timezone.now() - timedelta(days=days)
    DonatedFile.objects.update(created_at=ago)
    Image.objects.update(accepted_at=ago)


def test_completing_wants_every_promised_file_and_may_be_said_twice(donation: Donation) -> None:
    data = make.own_dicom(donation.donor)
    (upload,) = promised(donation, data)
    send(upload, data, end=100)
    with pytest.raises(Conflict) as refusal:
        actions.complete_donation(donation=donation, by=by(donation))
    assert (refusal.value.code, Donation.objects.get().state) == ("incomplete", "open")
    send(upload, data)
    first = actions.complete_donation(donation=donation, by=by(donation))
    second = actions.complete_donation(donation=Donation.objects.get(), by=by(donation))
    assert first == second
    files = [(each["sha256"], each["size"]) for each in first["files"]]
    assert set(files) == set(DonatedFile.objects.values_list("sha256", "size"))
    assert first["root"] == root_of(files)
    assert first["root"] in Event.objects.get(verb="donation.receipt").data
    with pytest.raises(Missing):
        actions.complete_donation(donation=donation, by=make.user_of(consent.donor(donation.programme)))


def test_nothing_is_no_donation_and_what_was_taken_back_has_no_receipt(programme: Programme) -> None:
    empty = make.donation(consent.donor(programme), 0, submitted=False)
    with pytest.raises(Conflict, match="at least one"):
        actions.complete_donation(donation=empty, by=by(empty))
    actions.abandon_donation(donation=empty, by=by(empty))
    with pytest.raises(Conflict, match="no receipt"):
        actions.complete_donation(donation=empty, by=by(empty))
    assert queries.receipt_of(empty) is None


def test_the_receipt_at_the_api(donation: Donation) -> None:
    program = Program(by(donation), Scope.DONATIONS)
    address = f"donations/{donation.pk}/complete/"
    assert program.get(address).status_code == 404
    first = program.post(address).json()
    assert program.post(address).json() == program.get(address).json() == first
    assert len(first["files"]) == 2


def test_what_was_erased_leaves_the_root(donation: Donation, drain: Any) -> None:
    receipt = actions.complete_donation(donation=donation, by=by(donation))
    consent.actions.withdraw(donor=donation.donor, kind="no_further_use", by=by(donation))
    drain()
    now = queries.receipt_of(Donation.objects.get())
    assert now is not None
    assert (now["root"], now["files"], now["raw_destroyed_by"]) == (receipt["root"], None, None)
    assert now["raw_destroyed_at"] is not None


@pytest.mark.parametrize(
    ("accepted", "days", "after"),
    [
        (None, {}, 90),
        (0, {}, 14),
        (80, {}, 90),
        (76, {}, 90),
        (75, {}, 89),
        (None, {"after_upload": 5}, 5),
        (1, {"after_acceptance": 0}, 1),
        (10, {"after_acceptance": 3, "after_upload": 11}, 11),
    ],
)
def test_whichever_comes_first(accepted: int | None, days: dict[str, int], after: int) -> None:
    uploaded = datetime(2027, 1, 1, tzinfo=timezone.get_current_timezone())
    at = None if accepted is None else uploaded + timedelta(days=accepted)
    assert RawDays(**days).until(uploaded, at) == uploaded + timedelta(days=after)


def test_accepted_files_are_destroyed_after_fourteen_days_and_the_rest_stays(programme: Programme) -> None:
    donor = consent.donor(programme)
    images = make.images(donor, 2)
    waiting = make.donation(donor)
    later(13.9)
    assert destroy_raw() == 0
    later(14.1)
    assert destroy_raw() == 2
    assert destroy_raw() == 0
    accepted = DonatedFile.objects.filter(pk__in=[image.file_id for image in images]).select_related("stored")
    for file in accepted:
        assert (file.state, file.stored.state) == ("cleaned", ObjectState.ERASED)
        assert not store().holds(Zone.QUARANTINE, str(file.stored_id))
    assert StoredObject.objects.get(pk=waiting.files.get().stored_id).state == ObjectState.STORED
    assert Image.objects.filter(state="available", stored__state=ObjectState.STORED).count() == 2
    proof = Event.objects.get(verb="donation.raw_destroyed")
    assert proof.subject_id == accepted[0].donation_id
    assert '"files":2' in proof.data
    assert '"left":0' in proof.data
    assert [file.sha256 for file in sent_back(donor.pk)] == [waiting.files.get().sha256]


def test_what_nobody_cleaned_in_ninety_days_is_not_used(programme: Programme) -> None:
    donation = make.donation(consent.donor(programme), 2)
    unsent = make.donation(consent.donor(programme), 1, submitted=False)
    make.upload(unsent, make.dicom("Somebody^Else", "19330303"), by(unsent))
    later(90.1)
    assert destroy_raw() == 4
    assert set(DonatedFile.objects.values_list("state", "person_key")) == {("removed", "")}
    donation.refresh_from_db()
    assert donation.state == "settled"
    assert not StoredObject.objects.exclude(state=ObjectState.ERASED).exists()
    actions.answer_identity(donation=unsent, mine=True, by=by(unsent))
    make.upload(unsent, make.own_dicom(unsent.donor), by(unsent))
    actions.submit_donation(donation=unsent, by=by(unsent))


def test_a_programme_may_shorten_the_days_and_not_lengthen_them(
    programme: Programme, other_programme: Programme
) -> None:
    donations = [make.donation(consent.donor(where)) for where in (programme, other_programme)]
    steward = consent.steward(programme)
    set_raw_days(programme=programme, by=steward, raw_days_after_upload=5)
    later(6)
    assert destroy_raw() == 1
    assert donations[1].files.get().stored.state == ObjectState.STORED
    for wrong in ({"raw_days_after_upload": 91}, {"raw_days_after_upload": 0}, {"raw_days_after_acceptance": 15}):
        with pytest.raises(Invalid):
            set_raw_days(programme=programme, by=steward, **wrong)
        with pytest.raises(IntegrityError), transaction.atomic():
            Programme.objects.update(**wrong)
    with pytest.raises(NotAllowed):
        set_raw_days(programme=programme, by=core.user(programme, Role.CURATOR), raw_days_after_upload=1)


def test_the_donor_reads_the_day(programme: Programme) -> None:
    donor = consent.donor(programme)
    donation = make.donation(donor)
    page, address = browser(make.user_of(donor)), f"/donations/{donation.pk}/"
    due = timezone.now() + timedelta(days=90)
    said = text_of(page.get(address))
    assert f"deleted by {due.day} {due:%B %Y} at the latest" in said
    assert donation.root in said
    later(91)
    destroy_raw()
    assert f"deleted on {timezone.now().day} " in text_of(page.get(address))
    unsent = actions.start_donation(donor=donor, by=make.user_of(donor))
    assert "deleted after 90 days at the latest" in text_of(page.get(f"/donations/{unsent.pk}/"))
