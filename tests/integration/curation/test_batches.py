"""Files that are cleaned in batches: one that fails costs only itself, and what is in memory is bounded."""

from collections.abc import Callable, Sequence
from uuid import UUID

import pytest
from django.utils import timezone

from consent import actions as consent_actions
from core.accounts.models import Programme
from core.due.models import DueWork
from core.due.run import run_row
from core.errors import Conflict
from core.ids import new_id
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.work import read
from core.storage.zones import ObjectState, Zone
from curation.deid import Deidentifier
from curation.models import Derivation, Refusal, Series
from curation.work import clean, keep, line
from curation.work.files import SourceFile, batches
from registry.models import DonatedFile, Donation
from registry.rules.lifecycle import FileState
from tests.factories import consent, curation

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
FILES = 5


@pytest.fixture
def donation(programme: Programme) -> Donation:
    """A donation of FILES images of one series, sent in."""
    donor = consent.donor(programme)
    return curation.donation(donor, *(curation.image(donor) for _ in range(FILES)))


@pytest.fixture(params=[1, 2, 50])
def batch_files(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """So many files a batch."""
    monkeypatch.setattr(clean, "BATCH_FILES", request.param)
    return int(request.param)


def source(size: int) -> SourceFile:
    return SourceFile(new_id(), new_id(), new_id(), new_id(), size, StoredObject())


def state_of(donation: Donation) -> list[str]:
    return list(DonatedFile.objects.filter(donation=donation).order_by("pk").values_list("state", flat=True))


def test_batches_are_bounded_and_leave_nothing_out() -> None:
    files = [source(size) for size in (3, 3, 3, 3, 9, 1, 12, 1, 1, 1, 1)]
    found = list(batches(files, most_files=3, most_bytes=10))
    assert [[file.size for file in batch] for batch in found] == [[3, 3, 3], [3], [9, 1], [12], [1, 1, 1], [1]]
    assert [file for batch in found for file in batch] == files
    assert list(batches([], most_files=3, most_bytes=10)) == []


def test_whatever_the_size_of_batches_the_end_is_the_same(donation: Donation, drain: Drain, batch_files: int) -> None:
    drain()
    series = Series.objects.get(donation_id=donation.pk)
    assert (series.image_count, set(state_of(donation))) == (FILES, {FileState.CLEANED})
    for made in series.derivations.select_related("output", "render"):
        assert made.render is not None
        assert (len(read(made.output)), read(made.render)[1:4]) == (made.output.size, b"PNG")
    assert StoredObject.objects.filter(zone__in=[Zone.CLEAN, Zone.REVIEW]).count() == 2 * FILES


def test_a_file_on_which_the_cleaner_fails_costs_only_itself(
    donation: Donation, drain: Drain, batch_files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = DonatedFile.objects.filter(donation=donation).order_by("pk")[2]
    given = read(bad.stored)
    real = Deidentifier.clean

    def fails(engine: Deidentifier, data: bytes) -> object:
        if data == given:
            raise ZeroDivisionError
        return real(engine, data)

    with monkeypatch.context() as patch:
        patch.setattr(Deidentifier, "clean", fails)
        with pytest.raises(ZeroDivisionError):
            clean.clean_donation(donation.pk)
    assert state_of(donation) == ["cleaned", "cleaned", "received", "cleaned", "cleaned"]
    drain()
    assert Series.objects.get(donation_id=donation.pk).image_count == FILES


def test_after_a_failure_files_are_cleaned_one_by_one(donation: Donation, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    real = line.Line.take

    def takes(self: line.Line, batch: Sequence[SourceFile]) -> None:
        sizes.append(len(batch))
        if len(sizes) == 1:
            raise MemoryError
        real(self, batch)

    monkeypatch.setattr(line.Line, "take", takes)
    for _ in range(2):
        DueWork.objects.filter(done=False).update(due_at=timezone.now())
        run_row(DueWork.objects.get(kind="curation.clean", done=False).pk)
    assert sizes == [FILES, *[1] * FILES]
    assert state_of(donation) == [FileState.CLEANED] * FILES


def test_no_more_is_in_memory_than_is_allowed(
    donation: Donation, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = DonatedFile.objects.filter(donation=donation).order_by("-size")[0].size
    monkeypatch.setattr(clean, "BATCH_FILES", 1)
    monkeypatch.setattr(line, "IN_FLIGHT_BYTES", 2 * size)
    under_way: list[int] = []
    real = line.Line._washed

    def washes(self: line.Line, files: Sequence[SourceFile]) -> line.Washed:
        under_way.append(self._examining.size + self._written + sum(file.size for file in files))
        return real(self, files)

    monkeypatch.setattr(line.Line, "_washed", washes)
    drain()
    assert max(under_way) <= 2 * size
    assert Series.objects.get(donation_id=donation.pk).image_count == FILES


@pytest.mark.parametrize("moment", ["reserved", "written"])
def test_a_withdrawal_while_a_batch_is_being_written_erases_all_of_it(
    donation: Donation, drain: Drain, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    donor = donation.donor

    def withdrawn() -> None:
        consent_actions.withdraw(donor=donor, kind="erase", by=donor.person.user)
        drain()

    begin, note = keep.many.begin, keep._note
    if moment == "reserved":
        monkeypatch.setattr(keep.many, "begin", lambda *given: (withdrawn(), begin(*given))[1])
    else:
        calls: list[object] = []
        monkeypatch.setattr(keep, "_note", lambda *given: (calls or withdrawn(), calls.append(1), note(*given))[2])
    assert clean.clean_donation(donation.pk) is None
    drain()
    mine = StoredObject.objects.filter(donor_id=donor.pk)
    assert mine.filter(zone=Zone.CLEAN).count() == FILES
    assert {thing.state for thing in mine} == {ObjectState.ERASED}
    assert not any(store().exists(Zone(thing.zone), thing.key) for thing in mine)
    assert not Derivation.objects.exists()


def test_one_file_that_cannot_be_noted_stops_no_other(
    donation: Donation, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = DonatedFile.objects.filter(donation=donation).order_by("pk")[1].pk
    real = keep.registry.mark_cleaned

    def marks(*file_ids: UUID, by: object) -> None:
        if gone in file_ids:
            raise Conflict("Removed meanwhile.", "changed")
        real(*file_ids, by=by)  # type: ignore[arg-type]  # passed on as it came

    with monkeypatch.context() as patch:
        patch.setattr(keep.registry, "mark_cleaned", marks)
        clean.clean_donation(donation.pk)
    assert state_of(donation) == ["cleaned", "received", "cleaned", "cleaned", "cleaned"]
    drain()
    assert Series.objects.get(donation_id=donation.pk).image_count == FILES
    living = StoredObject.objects.filter(zone__in=[Zone.CLEAN, Zone.REVIEW], state=ObjectState.STORED)
    assert living.count() == 2 * FILES


def test_refusals_of_a_batch_are_each_told_once(programme: Programme, drain: Drain) -> None:
    def marked(dataset: object) -> None:
        dataset.SpecimenLabelInImage = "YES"  # type: ignore[attr-defined]  # a data set has it

    def huge(dataset: object) -> None:
        dataset.Rows = dataset.Columns = 65_535  # type: ignore[attr-defined]

    donor = consent.donor(programme)
    changes = [marked, huge, None, marked]
    donation = curation.donation(donor, *(curation.image(donor, change=change) for change in changes))
    drain()
    clean.clean_donation(donation.pk)
    reasons = DonatedFile.objects.filter(donation=donation).order_by("pk").values_list("reason", flat=True)
    assert list(reasons) == ["slide_label", "picture_too_large", "", "slide_label"]
    refused = sorted(Refusal.objects.values_list("reason", flat=True))
    assert refused == ["picture_too_large", "slide_label", "slide_label"]
