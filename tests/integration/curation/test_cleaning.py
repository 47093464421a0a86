"""A donation on its way through the cleaner: what is kept, what stays in quarantine, and what a donor's exit does."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from itertools import count
from types import SimpleNamespace

import pytest
from django.utils import timezone
from pydicom import Dataset, dcmread
from pydicom.uid import generate_uid

from consent import actions as consent_actions
from core.accounts.models import Programme
from core.audit.models import Event
from core.due.models import DueWork
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.work import read
from core.storage.zones import ObjectState, Zone
from curation.deid import RULES_DIGEST, Deidentifier, readings
from curation.models import Derivation, Series
from curation.rules.lifecycle import SeriesState
from curation.work import clean, examine, line, survey
from registry import actions
from registry.actions import parts
from registry.actions.promises import promise_one
from registry.models import DonatedFile, Donation
from registry.rules.giving_back import Copy
from registry.rules.lifecycle import DonationState, FileState
from registry.work.raw import destroy_raw
from tests.factories import consent, curation

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


def states(donation: Donation) -> dict[str, list[str]]:
    """The files' reasons by state."""
    found: dict[str, list[str]] = {}
    for state, reason in DonatedFile.objects.filter(donation=donation).order_by("pk").values_list("state", "reason"):
        found.setdefault(state, []).append(reason)
    return found


def test_two_donors_files_become_series_that_wait(programme: Programme, drain: Drain) -> None:
    ada, ben = consent.donor(programme), consent.donor(programme)
    given = [curation.donation(who, *(curation.image(who) for _ in range(3))) for who in (ada, ben)]
    drain()
    for donor, donation in zip((ada, ben), given, strict=True):
        series = Series.objects.get(donation_id=donation.pk)
        assert (series.state, series.donor_id, series.image_count) == (SeriesState.WAITING, donor.pk, 3)
        assert (series.modality, series.pixel_risk) == ("CT", "clear")
        assert states(donation) == {FileState.CLEANED: ["", "", ""]}
        positions = list(series.derivations.order_by("position").values_list("position", flat=True))
        assert positions == sorted(set(positions))
    assert len(set(Series.objects.values_list("series_uid", flat=True))) == 2


def test_a_file_that_came_in_parts_is_cleaned_taken_home_and_destroyed_like_any_other(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART", 1_000)
    donor = consent.donor(programme)
    who, data = donor.person.user, curation.image(donor)
    donation = actions.start_donation(donor=donor, by=who)
    upload = promise_one(donation=donation, size=len(data), sha256=sha256(data).hexdigest(), by=who)
    actions.add_part(upload=upload, offset=0, stream=BytesIO(data), by=who)
    actions.submit_donation(donation=donation, by=who)
    file = donation.files.get()
    lying = [file.stored, *file.stored.pieces.all()]
    assert len(lying) == len(data) // 1_000 + 1
    drain()
    assert states(donation) == {FileState.CLEANED: [""]}
    actions.ask_for_copies(donor_id=donor.pk, by=who)
    drain()
    (taken,) = actions.take_copies(donor_id=donor.pk, copies={Copy.SENT}, by=who)
    assert b"".join(taken[1] or ()) == data
    DonatedFile.objects.update(created_at=timezone.now() - timedelta(days=91))
    destroy_raw()
    assert {StoredObject.objects.get(pk=each.pk).state for each in lying} == {ObjectState.ERASED}
    assert not any(store().holds(Zone(each.zone), each.key) for each in lying)


def test_a_derivation_says_what_was_made_of_what_by_which_rules(programme: Programme, drain: Drain) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, curation.image(donor))
    drain()
    made, file = Derivation.objects.get(), DonatedFile.objects.get(donation=donation)
    assert (made.file_id, made.source_sha256, made.rules_digest) == (file.pk, file.sha256, RULES_DIGEST)
    assert made.output.sha256 == made.output_sha256
    assert made.domain.programme_id == programme.pk
    assert (made.rows, made.columns, made.frames) == (128, 128, 1)
    assert made.decisions["private"] > 0
    assert made.decisions["dates"] > 0
    assert (made.output.zone, made.output.donor_id) == (Zone.CLEAN, donor.pk)
    assert made.render is not None
    assert (made.render.zone, made.render.donor_id) == (Zone.REVIEW, donor.pk)
    assert read(made.render).startswith(b"\x89PNG")


def test_nothing_that_names_the_donor_is_in_what_was_made(programme: Programme, drain: Drain) -> None:
    donor = consent.donor(programme)
    curation.donation(donor, curation.image(donor))
    drain()
    made = Derivation.objects.get()
    output = read(made.output)
    family = donor.person.family_name
    for data in (output, str(vars(made)).encode(), str(list(Event.objects.values_list("data", flat=True))).encode()):
        assert family.encode() not in data
        assert f"{donor.person.birth_date:%Y%m%d}".encode() not in data
    assert dcmread(BytesIO(output)).SOPInstanceUID == made.sop_uid


def test_a_file_that_cannot_be_used_stays_in_quarantine_and_the_others_go_on(
    programme: Programme, drain: Drain
) -> None:
    def marked(dataset: Dataset) -> None:
        dataset.SpecimenLabelInImage = "YES"

    donor = consent.donor(programme)
    donation = curation.donation(donor, curation.image(donor), curation.image(donor, change=marked))
    drain()
    assert states(donation) == {FileState.CLEANED: [""], FileState.QUARANTINED: ["slide_label"]}
    assert Series.objects.get().image_count == 1


def test_a_donation_of_which_nothing_can_be_used_is_settled(programme: Programme, drain: Drain) -> None:
    def marked(dataset: Dataset) -> None:
        dataset.SpecimenLabelInImage = "YES"

    donor = consent.donor(programme)
    donation = curation.donation(donor, curation.image(donor, change=marked))
    drain()
    donation.refresh_from_db()
    assert donation.state == DonationState.SETTLED
    assert not Series.objects.exists()


def test_what_still_names_the_donor_after_cleaning_is_kept_from_everyone(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def titled(dataset: Dataset) -> None:
        dataset.PatientName, dataset.PatientBirthDate = "", ""  # of who the donor is the registry alone knows
        dataset.SeriesDescription = f"for {donor.person.family_name}"

    monkeypatch.setattr(readings, "clean_text", lambda text, *_: bytes(text))
    donor = consent.donor(programme)
    donation = curation.donation(donor, curation.image(donor, change=titled))
    drain()
    assert states(donation) == {FileState.QUARANTINED: ["residual_identity"]}
    assert not StoredObject.objects.filter(zone__in=[Zone.CLEAN, Zone.REVIEW]).exists()


def test_a_picture_that_nobody_can_look_at_is_quarantined(programme: Programme, drain: Drain) -> None:
    def huge(dataset: Dataset) -> None:
        dataset.Rows = dataset.Columns = 65_535

    donor = consent.donor(programme)
    donation = curation.donation(donor, curation.image(donor, change=huge))
    drain()
    assert states(donation) == {FileState.QUARANTINED: ["picture_too_large"]}


def test_the_same_image_in_another_file_is_a_duplicate(programme: Programme, drain: Drain) -> None:
    """Two files that differ only in what is removed: exports of one image from two systems."""

    def exported(dataset: Dataset) -> None:
        dataset.InstitutionAddress = "1 Second Street"
        dataset.InstanceNumber = 1

    def first(dataset: Dataset) -> None:
        dataset.InstanceNumber = 1

    def third(dataset: Dataset) -> None:
        dataset.InstitutionAddress = "3 Third Street"
        dataset.InstanceNumber = 1

    donor = consent.donor(programme)
    sop = generate_uid()
    once, again = (curation.image(donor, sop=sop, change=change) for change in (first, exported))
    assert once != again
    donation = curation.donation(donor, once, again)
    drain()
    assert sorted(states(donation)) == [FileState.CLEANED, FileState.DUPLICATE]
    assert Derivation.objects.count() == 1
    later = curation.donation(donor, curation.image(donor, sop=sop, change=third))
    drain()
    assert list(states(later)) == [FileState.DUPLICATE]


def test_a_different_image_under_the_same_identifier_is_quarantined(programme: Programme, drain: Drain) -> None:
    def darker(dataset: Dataset) -> None:
        dataset.PixelData = bytes(len(dataset.PixelData))

    donor = consent.donor(programme)
    sop = generate_uid()
    donation = curation.donation(donor, curation.image(donor, sop=sop), curation.image(donor, sop=sop, change=darker))
    drain()
    assert states(donation) == {FileState.CLEANED: [""], FileState.QUARANTINED: ["uid_conflict"]}


def test_the_same_identifier_of_another_donor_is_no_conflict(programme: Programme, drain: Drain) -> None:
    sop = generate_uid()
    for donor in (consent.donor(programme), consent.donor(programme)):
        curation.donation(donor, curation.image(donor, sop=sop))
    drain()
    assert Derivation.objects.count() == 2
    assert len(set(Derivation.objects.values_list("sop_uid", flat=True))) == 2


def test_a_donor_who_withdraws_before_the_worker_comes_is_left_alone(programme: Programme) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, curation.image(donor))
    consent_actions.withdraw(donor=donor, kind="no_further_use", by=donor.person.user)
    assert clean.clean_donation(donation.pk) is None
    assert not Derivation.objects.exists()
    assert not StoredObject.objects.filter(zone=Zone.CLEAN).exists()


def test_a_donor_who_withdraws_while_a_file_is_being_cleaned_leaves_nothing(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, curation.image(donor), curation.image(donor))
    washed = examine.wash
    calls = count()

    def and_withdraws(data: bytes, engine: Deidentifier) -> object:
        if next(calls) == 1:
            consent_actions.withdraw(donor=donor, kind="no_further_use", by=donor.person.user)
        return washed(data, engine)

    monkeypatch.setattr(line, "wash", and_withdraws)
    assert clean.clean_donation(donation.pk) is None
    assert not Derivation.objects.exists()
    made = StoredObject.objects.filter(zone__in=[Zone.CLEAN, Zone.REVIEW])
    assert {thing.state for thing in made} == {ObjectState.ERASED}


def test_a_long_donation_is_cleaned_in_steps(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, *(curation.image(donor) for _ in range(3)))
    with monkeypatch.context() as patch:
        moments = iter(range(0, 1000, 8))  # each look at the clock is 8 seconds after the last
        clock = SimpleNamespace(monotonic=lambda: next(moments))
        for each in (clean, line):
            patch.setattr(each, "time", clock)
        patch.setattr(survey, "time", SimpleNamespace(monotonic=lambda: 0))
        assert clean.clean_donation(donation.pk) is not None
    assert Derivation.objects.count() == 1
    assert Series.objects.get().state == SeriesState.CLEANING
    drain()
    assert (Series.objects.get().state, Derivation.objects.count()) == (SeriesState.WAITING, 3)


def test_a_lost_signal_costs_a_sweep(programme: Programme, drain: Drain) -> None:
    donor = consent.donor(programme)
    curation.donation(donor, curation.image(donor))
    DueWork.objects.all().delete()
    drain()
    assert Series.objects.get().state == SeriesState.WAITING


def test_cleaning_again_changes_nothing(programme: Programme, drain: Drain) -> None:
    series = curation.waiting_series(programme)
    before = (Derivation.objects.count(), StoredObject.objects.count(), Event.objects.count())
    assert clean.clean_donation(series.donation_id) is None
    assert drain() == 0
    assert (Derivation.objects.count(), StoredObject.objects.count(), Event.objects.count()) == before


def test_a_file_for_a_series_that_was_shown_already_does_not_slip_in(programme: Programme, drain: Drain) -> None:
    series = curation.waiting_series(programme, images=1)
    late = curation.image(series.donor)
    other = curation.donation(series.donor, late)
    DonatedFile.objects.filter(donation=other).update(donation_id=series.donation_id)
    clean.clean_donation(series.donation_id)
    assert DonatedFile.objects.order_by("pk").last().reason == "series_shown"  # type: ignore[union-attr]  # there are two
    assert series.derivations.count() == 1
    assert StoredObject.objects.filter(zone=Zone.CLEAN, state=ObjectState.STORED).count() == 1
