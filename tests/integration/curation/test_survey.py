"""What one file says of its subject goes from every other file of the donation, whoever cleans it, whenever."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import transaction
from pydicom import Dataset, dcmread

from consent import actions as consent_actions
from core.accounts.models import Programme
from core.ids import new_id
from core.storage.models import StoredObject
from core.storage.work import read
from core.storage.zones import Zone
from curation.deid.texts.facts import Facts
from curation.models import Derivation, Series, Survey
from curation.work import clean, files, survey
from curation.work.keys import KeyUnusable, domain_of, seal, unseal
from registry.models import DonatedFile, Donation
from registry.rules.lifecycle import FileState
from tests.factories import consent, curation

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
FILES = 5


def titled(dataset: Dataset) -> None:
    """A title that anyone may write, unless a name in it is a person's."""
    dataset.SeriesDescription = "Frontal thorax"
    del dataset.ImageComments


def referred(dataset: Dataset) -> None:
    """The only file that says who is called so."""
    dataset.ReferringPhysicianName = "Frontal^Ada"


def outputs(donation: Donation) -> list[Dataset]:
    made = Derivation.objects.filter(series__donation_id=donation.pk).order_by("file_id").select_related("output")
    return [dcmread(BytesIO(read(each.output))) for each in made]


def digests() -> dict[str, str]:
    """What was made, by instance."""
    return dict(Derivation.objects.values_list("sop_uid", "output_sha256"))


def begun(donation: Donation, monkeypatch: pytest.MonkeyPatch) -> Survey:
    """The donation as a worker leaves it that dies after the survey."""
    with monkeypatch.context() as patch:
        patch.setattr(clean, "_in_batches", lambda *_: True)
        assert clean.clean_donation(donation.pk) is not None
    return Survey.objects.get(donation_id=donation.pk)


@pytest.mark.parametrize("order", [1, -1])
def test_a_name_that_only_another_file_holds_goes_from_a_title(programme: Programme, drain: Drain, order: int) -> None:
    donor = consent.donor(programme)
    changes = [titled, referred][::order]
    donation = curation.donation(donor, *(curation.image(donor, change=change) for change in changes))
    stranger = consent.donor(programme)
    alone = curation.donation(stranger, curation.image(stranger, change=titled))
    drain()
    titles = {str(each.get("SeriesDescription", "")) for each in outputs(donation)}
    assert "thorax" in titles
    assert not any("rontal" in title for title in titles)
    assert [each.SeriesDescription for each in outputs(alone)] == ["Frontal thorax"]


def test_neither_order_nor_batches_nor_steps_change_a_byte(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = consent.donor(programme)
    domain_of(programme.pk)
    given = [curation.image(donor, change=change) for change in (titled, None, referred, titled, None)]
    found = []
    for order, most, first in ((1, 50, 256 << 10), (-1, 1, 200), (1, 2, 3_000)):
        point = transaction.savepoint()
        monkeypatch.setattr(clean, "BATCH_FILES", most)
        monkeypatch.setattr(survey, "FIRST_BYTES", first)
        for module in (survey, files):
            monkeypatch.setattr(module, "MOST_FILES", most + 1)
        curation.donation(donor, *given[::order])
        drain()
        found.append(digests())
        transaction.savepoint_rollback(point)
    assert len(found[0]) == FILES
    assert found[0] == found[1] == found[2]


def test_sites_have_one_dummy_a_programme(programme: Programme, other_programme: Programme, drain: Drain) -> None:
    def placed(dataset: Dataset) -> None:
        dataset.InstitutionName, dataset.StationName = "Hospital of Nowhere", "CTNOWHERE1"

    donors = [consent.donor(place) for place in (programme, programme, other_programme)]
    given = [curation.donation(donor, curation.image(donor, change=placed)) for donor in donors]
    drain()
    made = [outputs(donation)[0] for donation in given]
    for keyword in ("InstitutionName", "StationName"):
        one, another, elsewhere = (str(each[keyword].value) for each in made)
        assert one == another != elsewhere
        assert "nowhere" not in f"{one} {elsewhere}".lower()


def test_what_was_read_is_sealed_and_gone_once_all_is_cleaned(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, curation.image(donor, change=referred), curation.image(donor))
    found = begun(donation, monkeypatch)
    assert (found.donor_id, found.is_complete) == (donor.pk, True)
    assert b"Frontal" not in bytes(found.sealed)
    said = unseal(found.domain, donation.pk, bytes(found.sealed))
    assert b"Frontal^Ada" in said
    assert donor.person.family_name.encode() in said
    drain()
    assert not Survey.objects.exists()
    assert Series.objects.get().image_count == 2


def test_what_is_sealed_for_one_donation_opens_for_no_other(programme: Programme, other_programme: Programme) -> None:
    here, there, donation_id = domain_of(programme.pk), domain_of(other_programme.pk), new_id()
    sealed = seal(here, donation_id, b"Frontal^Ada")
    assert unseal(here, donation_id, sealed) == b"Frontal^Ada"
    assert seal(here, donation_id, b"Frontal^Ada") != sealed
    for domain, whose in ((here, new_id()), (there, donation_id)):
        with pytest.raises(KeyUnusable):
            unseal(domain, whose, sealed)


@pytest.mark.parametrize("kind", ["no_further_use", "erase"])
def test_a_withdrawal_erases_what_was_read(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    donor, stranger = consent.donor(programme), consent.donor(programme)
    donations = [curation.donation(who, curation.image(who)) for who in (donor, stranger)]
    for donation in donations:
        begun(donation, monkeypatch)
    consent_actions.withdraw(donor=donor, kind=kind, by=donor.person.user)
    drain()
    assert not Survey.objects.exists()
    assert [series.donor_id for series in Series.objects.all()] == [stranger.pk]


def test_a_survey_that_outlived_its_donation_is_swept_up(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, curation.image(donor))
    left = begun(donation, monkeypatch)
    drain()
    left.save(force_insert=True)  # by a worker that was slower than all others
    drain()
    assert not Survey.objects.exists()


def test_a_worker_that_dies_while_reading_costs_its_step(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, *(curation.image(donor) for _ in range(FILES)))
    for module in (survey, files):
        monkeypatch.setattr(module, "MOST_FILES", 2)
    assert clean.clean_donation(donation.pk) is not None
    half = Survey.objects.get()
    assert (half.is_complete, half.seen_to) == (False, DonatedFile.objects.order_by("pk")[1].pk)
    with monkeypatch.context() as patch:
        patch.setattr(survey.Headers, "add", killed)
        with pytest.raises(MemoryError):
            clean.clean_donation(donation.pk)
    assert Survey.objects.get().seen_to == half.seen_to
    assert not Derivation.objects.exists()
    drain()
    assert Series.objects.get().image_count == FILES


def killed(*_: object, **__: object) -> bool:
    raise MemoryError


def test_of_two_workers_that_read_one_keeps_what_it_read(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, curation.image(donor))
    first = begun(donation, monkeypatch)
    before = bytes(first.sealed)
    late = Survey(
        programme=programme, donor=donor, domain=first.domain, donation_id=donation.pk, sealed=b"late",
        seen_to=first.seen_to, is_complete=True,
    )  # fmt: skip
    assert not survey._noted(late, None)
    assert not survey._noted(late, first)
    assert bytes(Survey.objects.get().sealed) == before


def test_nothing_is_kept_of_a_donor_who_withdraws_while_files_are_read(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, curation.image(donor))
    real = survey._add

    def withdraws(*given: object) -> None:
        consent_actions.withdraw(donor=donor, kind="no_further_use", by=donor.person.user)
        real(*given)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(survey, "_add", withdraws)
    assert clean.clean_donation(donation.pk) is None
    assert not Survey.objects.exists()
    drain()
    assert not StoredObject.objects.filter(zone=Zone.CLEAN).exists()


def test_bytes_that_are_missing_stop_no_other_file(programme: Programme, drain: Drain) -> None:
    from core.storage.store import store

    donor = consent.donor(programme)
    donation = curation.donation(donor, *(curation.image(donor) for _ in range(2)))
    gone = DonatedFile.objects.filter(donation=donation).order_by("pk")[0]
    store().delete(Zone.QUARANTINE, gone.stored.key)
    drain()
    found = DonatedFile.objects.filter(donation=donation).order_by("pk").values_list("state", "reason")
    assert list(found) == [(FileState.QUARANTINED, "bytes_missing"), (FileState.CLEANED, "")]


def test_an_object_that_belongs_to_no_series_stays_in_quarantine(programme: Programme, drain: Drain) -> None:
    def palette(dataset: Dataset) -> None:
        dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.39.1"
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "PixelData", "Rows", "Columns"):
            delattr(dataset, keyword)

    donor = consent.donor(programme)
    donation = curation.donation(donor, curation.image(donor, change=palette), curation.image(donor))
    drain()
    found = DonatedFile.objects.filter(donation=donation).order_by("pk").values_list("state", "reason")
    assert list(found) == [(FileState.QUARANTINED, "missing_identifier"), (FileState.CLEANED, "")]


def test_what_the_registry_knows_of_the_donor_is_looked_for_too() -> None:
    from datetime import date

    from consent.queries import Identity
    from curation.work.examine import facts_about

    known = facts_about(Identity("Ada", "Lovelace", ("Byron",), date(1950, 1, 2)))
    assert known == Facts(names=frozenset({"Lovelace^Ada", "Byron^Ada"}), births=frozenset({"19500102"}))
