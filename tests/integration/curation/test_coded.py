"""Files that a donor's browser has cleaned: taken if they are what the worker would have made, else kept from all."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pydicom import Dataset, dcmread

from core.accounts.models import Programme
from core.audit.models import Event
from core.storage.models import StoredObject
from core.storage.work import read
from core.storage.zones import Zone
from curation.models import Derivation, Refusal, Series, StudyWords
from curation.rules.lifecycle import SeriesState
from curation.web.words import SENTENCES
from curation.work.coded import reason_of
from registry.models import DonatedFile, Image
from registry.rules.lifecycle import DonationState, FileState
from registry.rules.remedies import KNOWN
from tests.factories import coded, consent, curation
from tests.integration.curation.arrived import MISSES, SAMPLES, Drain, as_the_server_would, changed, states

pytestmark = pytest.mark.django_db


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
