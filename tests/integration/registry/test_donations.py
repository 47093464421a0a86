"""A donor's upload, from the first file to sending it off, and everything that can be wrong with what is uploaded."""

from collections import Counter
from io import BytesIO

import pytest
from django.utils import timezone

from core.accounts.models import Programme
from core.due.run import drain as run_due
from core.errors import Conflict, Missing, NotAllowed
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import ObjectState, Zone
from registry import actions, queries, work
from registry.actions.entering import Taken
from registry.models import DonatedFile, Donation
from registry.rules.lifecycle import DonationState, FileState
from registry.work.sweeps import BROKEN_OFF
from tests.factories import consent, core
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def outcomes(answers: list[actions.FileAnswer]) -> Counter[str]:
    return Counter(answer.outcome.value for answer in answers)


def test_a_donor_gives_pictures_and_sends_them_off(programme: Programme) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)
    data = make.own_dicom(donor)
    (answer,) = make.upload(donation, data, by)
    assert answer.outcome is Taken.RECEIVED
    assert answer.file is not None
    assert storage.read(answer.file.stored) == data
    assert answer.file.stored.zone == Zone.QUARANTINE
    assert answer.file.stored.donor_id == donor.pk
    actions.submit_donation(donation=donation, by=by)
    actions.submit_donation(donation=donation, by=by)
    assert [file.pk for file in queries.files_to_clean(donation.pk)] == [answer.file.pk]
    assert list(queries.donations_to_clean()) == [donation]
    with pytest.raises(Conflict, match="sent off"):
        make.upload(donation, make.own_dicom(donor), by)


def test_beginning_twice_gives_one_donation(programme: Programme) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    assert actions.start_donation(donor=donor, by=by) == actions.start_donation(donor=donor, by=by)
    assert Donation.objects.count() == 1


def test_others_do_not_see_a_donation(programme: Programme, other_programme: Programme) -> None:
    donor, stranger = consent.donor(programme), consent.donor(other_programme)
    donation = actions.start_donation(donor=donor, by=make.user_of(donor))
    for by in (make.user_of(stranger), consent.steward(programme), core.user()):
        for deed in (actions.submit_donation, actions.abandon_donation):
            with pytest.raises(Missing):
                deed(donation=donation, by=by)
        with pytest.raises(Missing):
            make.upload(donation, make.own_dicom(donor), by)
        assert not queries.donations_of(by).exists()
    with pytest.raises(NotAllowed):
        actions.submit_donation(donation=donation, by=make.CLEANER)
    assert not StoredObject.objects.exists()


def test_the_same_file_twice_is_kept_once(programme: Programme) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)
    data = make.own_dicom(donor)
    assert outcomes(make.upload(donation, make.zipped({"a": data, "b": data}), by)) == {"received": 1, "duplicate": 1}
    assert outcomes(make.upload(donation, data, by)) == {"duplicate": 1}
    assert DonatedFile.objects.count() == StoredObject.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "outcome", "says"),
    [
        (b"", "refused", "empty"),
        (b"\0" * 500, "refused", "not a scan"),
        (b"MZ\x90\0 viewer", "skipped", "program"),
        (b"[autorun]\r\nopen=VIEWER.EXE", "skipped", "text"),
        (b"\xff\xd8\xff\xe0 jpeg", "skipped", "picture"),
        (b"%PDF-1.7", "skipped", "document"),
        (b"7z\xbc\xaf\x27\x1c", "refused", "ZIP"),
        (b"PK\x03\x04 and then nothing", "refused", "damaged"),
        (make.dicom("X^Y")[:300], "refused", "ends too early"),
        (make.dicom("X^Y")[:140], "refused", "Copy it"),
    ],
    ids=["empty", "zeros", "program", "text", "picture", "document", "7z", "broken-zip", "cut-later", "cut-at-once"],
)
def test_what_is_no_scan_gets_a_sentence_and_is_not_stored(
    programme: Programme, data: bytes, outcome: str, says: str
) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)
    (answer,) = make.upload(donation, data, by)
    assert (answer.outcome.value, answer.file) == (outcome, None)
    assert says in answer.sentence
    assert not StoredObject.objects.exists()
    with pytest.raises(Conflict, match="at least one image"):
        actions.submit_donation(donation=donation, by=by)


def test_one_bad_file_does_not_lose_the_others(programme: Programme) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)
    inner = make.zipped({"IM2": make.own_dicom(donor), "deep.zip": make.zipped({"IM3": make.own_dicom(donor)})})
    data = make.zipped(
        {
            "../../etc/cron.d/x": make.own_dicom(donor),
            "C:\\evil": make.own_dicom(donor),
            "DICOM/IM1": make.own_dicom(donor),
            "more.zip": inner,
            "README.TXT": b"hello",
            "cut.dcm": make.own_dicom(donor)[:400],
        }
    )
    answers = make.upload(donation, data, by)
    assert outcomes(answers) == {"received": 2, "refused": 4, "skipped": 1}
    assert any("leads out" in answer.sentence for answer in answers)
    assert any("ZIP in a ZIP in a ZIP" in answer.sentence for answer in answers)


def test_a_relatives_disc_is_stopped_and_asked_about(programme: Programme) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)
    family = donor.person.family_name
    make.upload(donation, make.own_dicom(donor), by)
    disc = make.zipped({"1": make.dicom(f"{family}^Bertha", "19200101"), "2": make.dicom(f"{family}^Bertha")})
    assert outcomes(make.upload(donation, disc, by)) == {"held": 2}
    donation.refresh_from_db()
    assert donation.state == DonationState.STOPPED
    assert queries.donation_facts(donation).held == 2
    assert [line.kind for line in queries.waiting(by)] == ["question"]
    with pytest.raises(Conflict, match="answer our question"):
        actions.submit_donation(donation=donation, by=by)
    actions.answer_identity(donation=donation, mine=False, by=by)
    actions.answer_identity(donation=donation, mine=False, by=by)
    run_due()
    removed = DonatedFile.objects.filter(state=FileState.REMOVED)
    assert removed.count() == 2
    for file in removed:
        assert file.stored.state == ObjectState.ERASED
        assert not store().exists(Zone.QUARANTINE, file.stored.key)
        assert not file.person_key
    actions.submit_donation(donation=donation, by=by)
    assert queries.files_to_clean(donation.pk).count() == 1


def test_a_name_that_the_donor_says_is_theirs_is_not_asked_about_again(programme: Programme) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)
    assert outcomes(make.upload(donation, make.dicom("MAIDEN^ADA"), by)) == {"held": 1}
    donation.refresh_from_db()
    actions.answer_identity(donation=donation, mine=True, by=by)
    donation.refresh_from_db()
    assert outcomes(make.upload(donation, make.dicom("Maiden^Ada"), by)) == {"received": 1}
    assert outcomes(make.upload(donation, make.dicom("MAIDEN^BEA"), by)) == {"held": 1}


def test_two_people_whose_names_decide_nothing_are_asked_about(programme: Programme) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)
    assert outcomes(make.upload(donation, make.dicom("山田^太郎"), by)) == {"received": 1}
    assert outcomes(make.upload(donation, make.dicom("山田^花子"), by)) == {"held": 1}


def test_files_of_several_people_cannot_all_be_ones_own(programme: Programme) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)
    for name in ("MAIDEN^ADA", "OTHER^BEA"):
        assert outcomes(make.upload(donation, make.dicom(name), by)) == {"held": 1}
    donation.refresh_from_db()
    assert queries.donation_facts(donation).people == 2
    with pytest.raises(Conflict, match="more than one person"):
        actions.answer_identity(donation=donation, mine=True, by=by)
    assert DonatedFile.objects.filter(state=FileState.HELD).count() == 2
    actions.answer_identity(donation=donation, mine=False, by=by)
    assert not DonatedFile.objects.exclude(state=FileState.REMOVED).exists()


def test_files_without_a_name_pass(programme: Programme) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)
    for data in (make.dicom(""), make.dicom("ANONYMOUS"), make.dicom("TRIAL-0001")):
        assert outcomes(make.upload(donation, data, by)) == {"received": 1}


def test_a_donation_taken_back_is_erased(programme: Programme) -> None:
    donor = consent.donor(programme)
    donation = make.donation(donor, 2, submitted=False)
    actions.abandon_donation(donation=donation, by=make.user_of(donor))
    actions.abandon_donation(donation=donation, by=make.user_of(donor))
    run_due()
    assert not StoredObject.objects.exclude(state=ObjectState.ERASED).exists()
    assert actions.start_donation(donor=donor, by=make.user_of(donor)) != donation


def test_without_a_consent_in_force_nothing_is_taken(programme: Programme) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)
    consent.actions.withdraw(donor=donor, kind="no_further_use", by=by)
    with pytest.raises(Conflict, match="consent"):
        make.upload(donation, make.own_dicom(donor), by)
    with pytest.raises(Conflict, match="consent"):
        actions.start_donation(donor=donor, by=by)


def test_who_leaves_while_a_file_comes_in_has_nothing_laid_down_afterwards(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry.actions import uploads

    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)

    def leave(*_: object) -> None:
        consent.actions.withdraw(donor=donor, kind="no_further_use", by=by)

    monkeypatch.setattr(uploads, "known", leave)
    with pytest.raises(Conflict):
        actions.add_file(donation=donation, stream=BytesIO(make.own_dicom(donor)), by=by)
    assert not StoredObject.objects.filter(donor_id=donor.pk).exists()


def test_an_upload_that_broke_off_is_reaped_after_a_day(programme: Programme) -> None:
    donor = consent.donor(programme)
    for written in (False, True):  # killed before the bytes were there, and after
        thing = storage.reserve(Zone.QUARANTINE, programme_id=programme.pk, donor_id=donor.pk)
        if written:
            storage.write(thing, make.own_dicom(donor), by=make.CLEANER)
    assert work.reap_broken_off() == 0
    StoredObject.objects.update(created_at=timezone.now() - BROKEN_OFF * 2)
    assert work.reap_broken_off() == 2
    assert not StoredObject.objects.exclude(state=ObjectState.ERASED).exists()
    assert not set(store().keys(Zone.QUARANTINE)) & {str(thing.pk) for thing in StoredObject.objects.all()}
    kept = make.donation(donor, 1)
    StoredObject.objects.update(created_at=timezone.now() - BROKEN_OFF * 2)
    assert work.reap_broken_off() == 0
    assert storage.read(queries.files_to_clean(kept.pk)[0].stored)


def test_a_donation_settles_when_every_file_is_decided(programme: Programme) -> None:
    donation = make.donation(consent.donor(programme), 3)
    first, second, third = queries.files_to_clean(donation.pk)
    work.mark_cleaned(first.pk, by=make.CLEANER)
    work.mark_cleaned(first.pk, by=make.CLEANER)
    work.mark_quarantined(second.pk, reason="burned_in", by=make.CLEANER)
    assert not work.settle(donation.pk, by=make.CLEANER)
    work.mark_duplicate(third.pk, by=make.CLEANER)
    assert work.settle(donation.pk, by=make.CLEANER)
    assert work.settle(donation.pk, by=make.CLEANER)
    facts = queries.donation_facts(Donation.objects.get(pk=donation.pk))
    assert facts.states == {"cleaned": 1, "quarantined": 1, "duplicate": 1}
    assert len(facts.studies) == 3
    assert facts.studies[1].reasons == {"burned_in": 1}
