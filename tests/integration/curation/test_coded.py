"""Files that a donor's browser has cleaned: taken if they are what the worker would have made, else kept from all."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pydicom import Dataset, dcmread

from consent import actions as consent_actions
from consent.queries import identity_of
from core.accounts.models import Programme
from core.audit.models import Event
from core.due.models import DueWork
from core.due.run import run_row
from core.storage.models import StoredObject
from core.storage.work import read
from core.storage.zones import ObjectState, Zone
from curation.deid import Cleaned, Deidentifier
from curation.models import Derivation, Refusal, Series, StudyWords
from curation.rules.lifecycle import SeriesState
from curation.tasks import ask_for_leftovers
from curation.web.words import SENTENCES
from curation.work import erase, keep, line
from curation.work.coded import reason_of
from curation.work.examine import facts_about
from curation.work.keys import domain_of, subject_key
from registry.actions import take_copies
from registry.models import DonatedFile, Donation, Image
from registry.rules.giving_back import Copy
from registry.rules.lifecycle import DonationState, FileState
from registry.rules.remedies import KNOWN
from registry.work.raw import destroy_raw
from tests.factories import coded, consent, curation
from tests.integration.curation.test_kills import Killed, another_worker_takes_over, die_at, time_passes

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
SAMPLES = ["CT_small.dcm", "693_J2KR.dcm", "rtdose_1frame.dcm"]


def states(donation: Donation) -> list[tuple[str, str]]:
    """State and reason of each file, in order."""
    return list(DonatedFile.objects.filter(donation=donation).order_by("pk").values_list("state", "reason"))


def changed(data: bytes, change: Callable[[Dataset], object]) -> bytes:
    """A coded file with one thing changed, otherwise written as the engine writes it."""
    dataset = dcmread(BytesIO(data))
    change(dataset)
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True, little_endian=True, implicit_vr=dataset.original_encoding[0])
    return out.getvalue()


def as_the_server_would(donor: Any, data: bytes) -> bytes:
    """The worker's own cleaning under the donor's key."""
    who = identity_of(donor.pk)
    assert who is not None
    made = Deidentifier(subject_key(domain_of(donor.programme_id), donor.pk), study=facts_about(who)).clean(data)
    assert isinstance(made, Cleaned)
    return made.data


def test_what_the_browser_cleaned_is_what_the_worker_would_have_made(programme: Programme, drain: Drain) -> None:
    donor = consent.donor(programme)
    raw = [curation.image(donor, sample=name) for name in SAMPLES]
    donation = coded.donation(donor, *coded.coded(donor, *raw))
    drain()
    assert states(donation) == [(FileState.CLEANED, "")] * len(raw)
    made = Derivation.objects.order_by("file_id")
    assert [read(one.output) for one in made] == [as_the_server_would(donor, data) for data in raw]
    for one, file in zip(made, DonatedFile.objects.order_by("pk"), strict=True):
        assert one.source_sha256 == one.cleaned_sha256 == one.output_sha256 == file.sha256
        assert (one.output.zone, one.output.donor_id, one.cleaned_uid) == (Zone.CLEAN, donor.pk, one.sop_uid)
        assert one.render is not None
        assert one.output_id != file.stored_id
    assert set(Series.objects.values_list("state", flat=True)) == {SeriesState.WAITING}


def test_it_goes_the_way_of_any_other_to_a_dataset(programme: Programme, drain: Drain) -> None:
    """Words to read, a picture to look at, two people where it takes two; and the page says who cleaned it."""

    def described(dataset: Dataset) -> None:
        dataset.SeriesDescription = "CHEST ROUTINE"

    donor, by = consent.donor(programme), curation.curator(programme)
    coded.donation(donor, *coded.coded(donor, curation.image(donor, change=described)))
    drain()
    series = Series.objects.get()
    assert "CHEST ROUTINE" in StudyWords.objects.values_list("text", flat=True)
    client = Client()
    client.force_login(by)
    page = client.get(reverse("curation:series", args=[series.pk])).content.decode()
    assert "own browser cleaned these files" in page
    curation.accept(series, by=by)
    assert read(Image.objects.get().stored) == read(Derivation.objects.get().output)


MISSES: dict[str, tuple[Callable[[Dataset], object], str, str]] = {
    "an address": (lambda d: setattr(d, "PatientAddress", "12 Elm Street"), "coded_not_clean", "00101040"),
    "a hospital": (lambda d: setattr(d, "InstitutionName", "St Mary's"), "coded_not_clean", "00080080"),
    "a UID": (lambda d: setattr(d, "SeriesInstanceUID", "1.2.826.0.1.3680043.8.498.1"), "coded_not_clean", "0020000e"),
    "the name in a text": (
        lambda d: setattr(d, "SeriesDescription", "CHEST NAME"),
        "coded_identity",
        "residual_identity",
    ),
    "the name in a private element": (
        lambda d: d.private_block(0x0031, "SOMEBODY", create=True).add_new(0x01, "LO", "NAME"),
        "coded_identity",
        "private",
    ),
    "a private element": (
        lambda d: d.private_block(0x0031, "SOMEBODY", create=True).add_new(0x01, "LO", "something"),
        "coded_not_clean",
        "private",
    ),
    "an option that the profile lacks": (
        lambda d: setattr(d.DeidentificationMethodCodeSequence[-1], "CodeValue", "113110"),
        "coded_not_clean",
        "claims",
    ),
    "a picture that may show writing": (
        lambda d: setattr(d, "BurnedInAnnotation", "YES"),
        "coded_picture",
        "picture_not_clear",
    ),
    "a report": (
        lambda d: setattr(d, "SOPClassUID", "1.2.840.10008.5.1.4.1.1.104.1"),
        "encapsulated_document",
        "encapsulated_document",
    ),
    "another's pseudonym": (
        lambda d: (setattr(d, "PatientName", "D-AAAAAAAAAAAAAAAA"), setattr(d, "PatientID", "D-AAAAAAAAAAAAAAAA")),
        "coded_other",
        "00100020",
    ),
}


@pytest.mark.parametrize("miss", MISSES)
def test_one_thing_put_back_keeps_a_file_from_everybody(programme: Programme, drain: Drain, miss: str) -> None:
    change, reason, found = MISSES[miss]
    donor = consent.donor(programme)
    good, bad = coded.coded(donor, curation.image(donor), curation.image(donor))
    name = donor.person.family_name.encode()

    def put_back(dataset: Dataset) -> None:
        change(dataset)
        for element in dataset:
            if element.VR == "LO" and isinstance(element.value, str) and "NAME" in element.value:
                element.value = element.value.replace("NAME", name.decode())

    donation = coded.donation(donor, good, changed(bad, put_back))
    drain()
    assert states(donation) == [(FileState.CLEANED, ""), (FileState.QUARANTINED, reason)]
    refusal = Refusal.objects.get()
    assert refusal.reason == reason
    assert found in refusal.found
    assert Derivation.objects.count() == 1
    assert name.decode() not in str(list(Event.objects.values_list("data", flat=True))) + str(refusal.found)


@pytest.mark.parametrize("around", [lambda d: b"MZ" + d[2:], lambda d: d + b"more", lambda d: d[:-2]])
def test_what_lies_around_a_coded_file_is_not_passed_on(
    programme: Programme, drain: Drain, around: Callable[[bytes], bytes]
) -> None:
    donor = consent.donor(programme)
    (data,) = coded.coded(donor, curation.image(donor))
    donation = coded.donation(donor, around(data))
    drain()
    ((state, _),) = states(donation)
    assert state == FileState.QUARANTINED
    assert not StoredObject.objects.filter(zone__in=[Zone.CLEAN, Zone.REVIEW]).exists()
    donation.refresh_from_db()
    assert donation.state == DonationState.SETTLED


def test_a_raw_file_that_claims_to_be_clean_is_neither_cleaned_nor_passed_on(
    programme: Programme, drain: Drain
) -> None:
    """What the door can be told in five elements; the rest of the file is as the scanner wrote it."""
    donor = consent.donor(programme)
    (clean,) = coded.coded(donor, curation.image(donor))
    told = dcmread(BytesIO(clean))

    def claims(dataset: Dataset) -> None:
        for name in ("PatientName", "PatientID", "PatientIdentityRemoved", "DeidentificationMethod"):
            setattr(dataset, name, getattr(told, name))
        dataset.PatientBirthDate = ""
        dataset.DeidentificationMethodCodeSequence = told.DeidentificationMethodCodeSequence

    donation = coded.donation(donor, curation.image(donor, change=claims))
    drain()
    assert [state for state, _ in states(donation)] == [FileState.QUARANTINED]
    assert "00080080" in Refusal.objects.get().found or "private" in Refusal.objects.get().found
    assert not Derivation.objects.exists()


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (["picture_not_clear"], "coded_picture"),
        (["picture_not_clear", "private"], "coded_not_clean"),
        (["00100010", "private", "residual_identity"], "coded_identity"),
        (["00100010", "private"], "coded_other"),
        (["claims", "file_form"], "coded_not_clean"),
        (["truncated"], "truncated"),
        (["00100010", "unreadable_element"], "unreadable_element"),
        (["engine_failed"], "engine_failed"),
    ],
)
def test_of_all_that_was_found_people_read_the_gravest(found: list[str], reason: str) -> None:
    assert reason_of(found) == reason
    assert reason in SENTENCES
    assert reason in KNOWN


def test_another_donors_key_is_not_this_donors(programme: Programme, drain: Drain) -> None:
    donor, other = consent.donor(programme), consent.donor(programme)
    donation = coded.donation(donor, *coded.coded(donor, curation.image(donor), by=other))
    drain()
    assert states(donation) == [(FileState.QUARANTINED, "coded_other")]


def test_the_donor_and_curators_read_what_is_wrong_and_what_can_be_done(programme: Programme, drain: Drain) -> None:
    donor = consent.donor(programme)
    (data,) = coded.coded(donor, curation.image(donor))
    donation = coded.donation(donor, changed(data, MISSES["an address"][0]))
    drain()
    client = Client()
    client.force_login(donor.person.user)
    page = client.get(f"/donations/{donation.pk}/not-used/").content.decode()
    assert "our check found that something was left" in page
    assert "as it is on your disc" in page
    client.force_login(curation.curator(programme))
    page = client.get("/curation/quarantine/").content.decode()
    assert "is not as the rules of today leave a file" in page
    assert "Found: Patient&#x27;s Address." in page
    assert "12 Elm" not in page


def test_the_same_image_coded_again_need_not_be_sent(programme: Programme, drain: Drain) -> None:
    """A browser makes of it the same bytes on another day, whatever was chosen with it."""
    donor = consent.donor(programme)
    raw = curation.image(donor)
    (data,) = coded.coded(donor, raw)
    coded.donation(donor, data)
    drain()
    again = coded.donation(donor, *coded.coded(donor, raw, curation.image(donor)))
    drain()
    assert states(again) == [(FileState.CLEANED, "")]  # of the first of the two nothing had to be sent
    assert Derivation.objects.count() == 2


@pytest.mark.parametrize("first", ["coded", "raw"])
def test_with_the_programmes_dummies_it_is_to_the_byte_what_the_worker_makes(
    programme: Programme, drain: Drain, first: str
) -> None:
    """So the same image in the other way is a duplicate, whichever came first."""
    donor = consent.donor(programme)
    raw = [curation.image(donor, sample=name) for name in SAMPLES]
    for way in (first, "raw" if first == "coded" else "coded"):
        donation = coded.begun(donor)
        files = coded.coded_alike(donation, *raw) if way == "coded" else raw
        coded.sent(donation, files, is_coded=way == "coded")
        donation = coded.sent_off(donation)
        drain()
        assert {state for state, _ in states(donation)} == {"cleaned" if way == first else "duplicate"}
    assert Derivation.objects.count() == len(SAMPLES)


def test_two_donors_of_one_hospital_have_one_dummy_for_it(programme: Programme) -> None:
    dummies, alone = set(), set()
    for donor in (consent.donor(programme), consent.donor(programme)):
        raw = curation.image(donor, change=lambda dataset: setattr(dataset, "InstitutionName", "St Mary's"))
        (shared,), (own,) = coded.coded_alike(coded.begun(donor), raw), coded.coded(donor, raw)
        dummies.add(dcmread(BytesIO(shared)).InstitutionName)
        alone.add(dcmread(BytesIO(own)).InstitutionName)
    assert (len(dummies), len(alone), dummies & alone) == (1, 2, set())


def test_a_hospital_that_is_called_as_somebody_is_not_told_to_the_server(programme: Programme) -> None:
    donor = consent.donor(programme)
    name = donor.person.family_name

    def practice(dataset: Dataset) -> None:
        dataset.InstitutionName, dataset.StationName = f"Practice {name}", "CT7"

    raw = curation.image(donor, change=practice)
    engine = coded.session(donor, raw, shared=True)
    told = [bytes.fromhex(message) for _, message in engine.clean(raw)["asks"]]
    assert b"ct7" in told
    assert not [message for message in told if name.lower().encode() in message]
    engine.lend([[kind, message, ""] for kind, message in engine.clean(raw)["asks"]])  # the server has lent enough
    assert engine.clean(raw)["data"] == coded.coded(donor, raw)[0]


def test_another_image_under_the_same_uid_stays_in_quarantine(programme: Programme, drain: Drain) -> None:
    donor = consent.donor(programme)
    (data,) = coded.coded(donor, curation.image(donor))
    other = changed(data, lambda dataset: setattr(dataset, "PixelData", bytes(len(dataset.PixelData))))
    donation = coded.donation(donor, data, other)
    drain()
    assert states(donation) == [(FileState.CLEANED, ""), (FileState.QUARANTINED, "uid_conflict")]


def test_a_file_that_came_as_it_is_knows_nothing_of_the_pseudonyms_beside_it(
    programme: Programme, drain: Drain
) -> None:
    """Half of a study comes coded, half as it is: both are cleaned to one series, by one pseudonym."""
    donor = consent.donor(programme)
    raw = [curation.image(donor) for _ in range(4)]
    donation = coded.begun(donor)
    coded.sent(donation, coded.coded(donor, *raw[:2]))
    coded.sent(donation, raw[2:], is_coded=False)
    donation = coded.sent_off(donation)
    drain()
    assert states(donation) == [(FileState.CLEANED, "")] * 4
    series = Series.objects.get()
    assert (series.image_count, series.state) == (4, SeriesState.WAITING)
    names = {str(dcmread(BytesIO(read(one.output))).PatientName) for one in series.derivations.all()}
    assert len(names) == 1


def test_what_files_beside_it_say_of_people_is_searched_for_in_it(programme: Programme, drain: Drain) -> None:
    """A browser that forgot to look through all that was chosen leaves a physician's name in a text."""

    def titled(dataset: Dataset) -> None:
        dataset.SeriesDescription = "CHEST ROUTINE"

    def signed(dataset: Dataset) -> None:
        dataset.ReferringPhysicianName = "Routine^Rosa"

    donor = consent.donor(programme)
    donation = coded.begun(donor)
    coded.sent(donation, coded.coded(donor, curation.image(donor, change=titled)))
    coded.sent(donation, [curation.image(donor, change=signed)], is_coded=False)
    donation = coded.sent_off(donation)
    drain()
    assert states(donation) == [(FileState.QUARANTINED, "coded_identity"), (FileState.CLEANED, "")]


def test_a_donor_takes_away_both_copies_and_the_one_that_came_is_destroyed_in_its_time(
    programme: Programme, drain: Drain
) -> None:
    donor, by = consent.donor(programme), curation.curator(programme)
    data, bad = coded.coded(donor, *(curation.image(donor) for _ in range(2)))
    donation = coded.donation(donor, data, changed(bad, MISSES["another's pseudonym"][0]))
    drain()
    curation.accept(Series.objects.get(), by=by)
    taken = take_copies(donor_id=donor.pk, copies=Copy, by=donor.person.user)
    files = [(file.copy, b"".join(pieces or ())) for file, pieces in taken]
    assert (Copy.SENT, data) in files
    assert (Copy.CLEAN, data) in files
    assert (Copy.SENT, b"") in files  # the other, which may be somebody else's
    ago = timezone.now() - timedelta(days=15)
    Image.objects.update(accepted_at=ago)
    destroy_raw()
    DonatedFile.objects.update(created_at=ago - timedelta(days=90))
    destroy_raw()
    assert {file.stored.state for file in donation.files.all()} == {ObjectState.ERASED}
    assert read(Image.objects.get().stored) == data


@pytest.mark.parametrize("moment", ["check", "begin", "_note"])
def test_a_withdrawal_in_between_erases_all_of_it(programme: Programme, drain: Drain, moment: str) -> None:
    donor = consent.donor(programme)
    donation = coded.donation(donor, *coded.coded(donor, *(curation.image(donor) for _ in range(2))))
    where: Any = keep if moment == "_note" else line
    real, calls = getattr(where, moment), iter(range(100))

    def withdrawn(*given: Any) -> Any:
        if next(calls) == 0:
            consent_actions.withdraw(donor=donor, kind="erase", by=donor.person.user)
            drain()
        return real(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, moment, withdrawn)
        run_row(DueWork.objects.get(kind="curation.clean", done=False).pk)
    drain()
    mine = StoredObject.objects.filter(donor_id=donor.pk)
    assert {thing.state for thing in mine} == {ObjectState.ERASED}
    assert not Derivation.objects.exclude(series__state=SeriesState.WITHDRAWN).exists()
    assert set(DonatedFile.objects.filter(donation=donation).values_list("state", flat=True)) == {FileState.REMOVED}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("where", "name", "nth"), [(line, "check", 2), (line, "begin", 1), (keep, "insert", 1)])
def test_a_worker_killed_between_check_and_derivation_loses_nothing(
    programme: Programme, drain: Drain, where: object, name: str, nth: int, after: bool
) -> None:
    donor = consent.donor(programme)
    donation = coded.donation(donor, *coded.coded(donor, *(curation.image(donor) for _ in range(3))))
    with pytest.MonkeyPatch.context() as patch:
        die_at(patch, where, name, nth, after=after)
        with pytest.raises(Killed):
            run_row(DueWork.objects.get(kind="curation.clean", done=False).pk)
    another_worker_takes_over()
    drain()
    time_passes()
    ask_for_leftovers()
    drain()
    assert states(donation) == [(FileState.CLEANED, "")] * 3
    assert Derivation.objects.count() == 3
    assert not erase.left_behind().exists()
