"""Files of a donation that no longer lead to each other as before are taken back, whatever step cleaned them."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from pydicom import Dataset
from pydicom.uid import generate_uid

from consent import actions as consent_actions
from consent.models import Donor
from core.accounts.models import Programme
from core.due.models import DueWork
from core.due.run import run_row
from core.storage.zones import Zone
from curation.deid.values import pseudonyms
from curation.models import Derivation, KeyDomain, Links, Refusal, Series, Survey
from curation.rules.lifecycle import SeriesState
from curation.tasks import ask_for_leftovers
from curation.work import clean, finish, line, links
from registry.models import DonatedFile, Donation
from registry.rules.lifecycle import FileState
from tests.factories import consent, curation

from .test_kills import Killed, another_worker_takes_over, die_at, keys_there, time_passes

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
FILES = 6


def uid(donor: Donor, number: int) -> str:
    return str(generate_uid(entropy_srcs=[str(donor.pk), "linked", str(number)]))


def given(donor: Donor, first_series: str = "") -> Donation:
    """Images of which each refers to the next, and the last to one that is not there; the first may stand alone."""

    def linked(number: int) -> Callable[[Dataset], None]:
        def change(dataset: Dataset) -> None:
            link = Dataset()
            link.ReferencedSOPInstanceUID = uid(donor, number + 1)
            link.ReferencedSOPClassUID = dataset.SOPClassUID
            dataset.ReferencedImageSequence = [link]

        return change

    images = [
        curation.image(donor, sop=uid(donor, number), series="" if number else first_series, change=linked(number))
        for number in range(FILES)
    ]
    return curation.donation(donor, *images)


def first_file_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that dies when it has noted the first file."""
    with monkeypatch.context() as patch:
        patch.setattr(clean, "BATCH_FILES", 1)
        die_at(patch, line.Line, "take", 4, after=False)
        with pytest.raises(Killed):
            run_row(DueWork.objects.get(kind="curation.clean", done=False).pk)
    assert Derivation.objects.count() == Links.objects.count() == 1
    another_worker_takes_over()


def only_the_others_stay(donation: Donation, drain: Drain) -> None:
    """The first file is in quarantine, and nothing of it is left; the others wait for a curator."""
    drain()
    time_passes()
    ask_for_leftovers()
    drain()
    first, *others = DonatedFile.objects.filter(donation=donation).order_by("pk")
    assert (first.state, first.reason) == (FileState.QUARANTINED, "reference_broken")
    assert Refusal.objects.get().file_id == first.pk
    assert {each.state for each in others} == {FileState.CLEANED}
    made = Derivation.objects.filter(series__donation_id=donation.pk)
    assert sorted(made.values_list("file_id", flat=True)) == [each.pk for each in others]
    assert keys_there(Zone.CLEAN, donation.donor_id) == {str(pk) for pk in made.values_list("output_id", flat=True)}
    assert keys_there(Zone.REVIEW, donation.donor_id) == {str(pk) for pk in made.values_list("render_id", flat=True)}
    series = Series.objects.get(donation_id=donation.pk)
    assert (series.state, series.image_count) == (SeriesState.WAITING, FILES - 1)
    assert not Links.objects.exists()
    assert not Survey.objects.exists()


def test_a_donation_whose_references_hold_is_kept(programme: Programme, drain: Drain) -> None:
    donation = given(consent.donor(programme))
    drain()
    assert Series.objects.get(donation_id=donation.pk).image_count == FILES
    assert not Refusal.objects.exists()
    assert not Links.objects.exists()


def test_what_was_cleaned_under_a_retired_key_is_taken_back(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    donation = given(consent.donor(programme))
    first_file_only(monkeypatch)
    KeyDomain.objects.update(retired_at=timezone.now())
    only_the_others_stay(donation, drain)


def broken_step(donor: Donor, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted defect: one UID becomes another one in the first step than in all others."""
    real = pseudonyms.keyed_uid
    with monkeypatch.context() as patch:
        patch.setattr(pseudonyms, "keyed_uid", lambda key, old: real(key, old + b".0" * (old == wrong.encode())))
        first_file_only(patch)


def study_of(donor: Donor) -> str:
    return str(generate_uid(entropy_srcs=[str(donor.pk), "study"]))


@pytest.mark.parametrize("wrong", [study_of, lambda donor: uid(donor, 1)], ids=["its study", "what it refers to"])
def test_a_step_in_which_the_engine_was_broken_is_found(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch, wrong: Callable[[Donor], str]
) -> None:
    donor = consent.donor(programme)
    donation = given(donor, first_series=str(generate_uid(entropy_srcs=[str(donor.pk), "another"])))
    broken_step(donor, wrong(donor), monkeypatch)
    other = given(consent.donor(programme))
    only_the_others_stay(donation, drain)
    assert Series.objects.get(donation_id=other.pk).image_count == FILES


STAGES = [
    (finish, "take_back"),
    (links, "broken"),
    (links.registry, "mark_quarantined"),
    (links, "_refuse"),
    (links, "erase_at_once"),
    (finish, "show"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("where", "name"), STAGES, ids=[name for _, name in STAGES])
def test_a_kill_at_this_point_changes_nothing(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch, where: object, name: str, after: bool
) -> None:
    donor = consent.donor(programme)
    donation = given(donor)
    broken_step(donor, uid(donor, 1), monkeypatch)
    with pytest.MonkeyPatch.context() as patch:
        die_at(patch, where, name, 1, after=after)
        with pytest.raises(Killed):
            run_row(DueWork.objects.get(kind="curation.clean", done=False).pk)
    another_worker_takes_over()
    only_the_others_stay(donation, drain)


def test_a_withdrawal_in_the_middle_leaves_nothing(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = consent.donor(programme)
    given(donor)
    broken_step(donor, uid(donor, 1), monkeypatch)
    consent_actions.withdraw(donor=donor, kind="no_further_use", by=donor.person.user)
    drain()
    assert not Links.objects.exists()
    assert keys_there(Zone.CLEAN, donor.pk) | keys_there(Zone.REVIEW, donor.pk) == set()


def test_no_uid_can_be_read_from_what_is_kept(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    donor = consent.donor(programme)
    donation = given(donor)
    first_file_only(monkeypatch)
    row = Links.objects.select_related("domain").get()
    ((file_id, (_, kept)),) = links._linked(donation.pk)
    assert DonatedFile.objects.filter(donation=donation, pk=file_id).exists()
    assert kept not in bytes(row.sealed)
    assert file_id.bytes not in bytes(row.sealed)
