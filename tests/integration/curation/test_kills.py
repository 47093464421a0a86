"""A worker that dies at any point of cleaning delays the work and loses none; nothing is done twice or left lying."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from core.accounts.models import Programme
from core.due.models import DueWork
from core.due.run import run_row
from core.storage import many
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.work import reserve
from core.storage.zones import ObjectState, Zone
from curation.models import Derivation, KeyDomain, Series
from curation.rules.lifecycle import SeriesState
from curation.tasks import ask_for_leftovers
from curation.work import clean, erase, finish, keep, keys, line
from registry.models import DonatedFile, Donation
from registry.rules.lifecycle import FileState
from tests.factories import consent, curation

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
FILES = 3


class Killed(BaseException):
    """Stands for SIGKILL: no handler of the code under test may catch it."""


#: Where a worker dies, each as the function that is entered when it does; the number is the call at which it happens.
STAGES = [
    (clean, "domain_of", 1),
    (line, "begin", 1),
    (line, "read", 1),
    (line, "read", 2),
    (line, "wash", 2),
    (line, "judge", 2),
    (line, "complete", 2),
    (line, "sorted_by_kin", 1),
    (keep.many, "reserve", 1),
    (keep.many, "begin", 1),
    (many, "_put", 1),
    (many, "_put", 2),
    (many, "_put", 4),
    (keep, "_note", 1),
    (keep, "may_donate", 1),
    (keep, "insert", 1),
    (keep.registry, "mark_cleaned", 1),
    (keep.many, "stored", 1),
    (clean, "finish", 1),
    (finish, "move", 1),
    (finish, "show", 1),
    (keys, "_wrapped", 1),
]


def die_at(monkeypatch: pytest.MonkeyPatch, where: object, name: str, nth: int, *, after: bool) -> None:
    """The nth call of the function kills, before or after it did its work."""
    real, calls = getattr(where, name), iter(range(1, 10_000))

    def deadly(*args: object, **kwargs: object) -> object:
        if next(calls) != nth:
            return real(*args, **kwargs)
        if after:
            real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(where, name, deadly)


def another_worker_takes_over() -> None:
    """The dead worker's lease runs out."""
    DueWork.objects.filter(done=False).update(lease_until=timezone.now() - timedelta(seconds=1))


def time_passes() -> None:
    """What the dead worker left is now older than any work in progress."""
    StoredObject.objects.update(created_at=timezone.now() - 2 * erase.LEFT_BEHIND)


def keys_there(zone: Zone, donor_id: UUID) -> set[str]:
    mine = StoredObject.objects.filter(zone=zone, donor_id=donor_id)
    return {thing.key for thing in mine if store().exists(zone, thing.key)}


def check_end_state(donation: Donation) -> None:
    """The same end as without a kill: one derivation a file, its two objects, and nothing else."""
    series = Series.objects.get(donation_id=donation.pk)
    assert (series.state, series.image_count) == (SeriesState.WAITING, FILES)
    files = DonatedFile.objects.filter(donation=donation)
    assert set(files.values_list("state", flat=True)) == {FileState.CLEANED}
    made = Derivation.objects.filter(series=series)
    assert sorted(made.values_list("file_id", flat=True)) == sorted(files.values_list("pk", flat=True))
    assert keys_there(Zone.CLEAN, donation.donor_id) == {str(pk) for pk in made.values_list("output_id", flat=True)}
    assert keys_there(Zone.REVIEW, donation.donor_id) == {str(pk) for pk in made.values_list("render_id", flat=True)}
    assert KeyDomain.objects.count() == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("where", "name", "nth"), STAGES, ids=[f"{name}-{nth}" for _, name, nth in STAGES])
def test_a_kill_at_this_point_loses_nothing(
    programme: Programme, drain: Drain, where: object, name: str, nth: int, after: bool
) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, *(curation.image(donor) for _ in range(FILES)))
    with pytest.MonkeyPatch.context() as patch:
        die_at(patch, where, name, nth, after=after)
        with pytest.raises(Killed):
            run_row(DueWork.objects.get(kind="curation.clean", done=False).pk)
    another_worker_takes_over()
    drain()
    time_passes()
    ask_for_leftovers()
    drain()
    check_end_state(donation)
    assert not erase.left_behind().exists()


def test_two_workers_at_once_make_one_of_everything(programme: Programme, drain: Drain) -> None:
    """The first worker stalls with a file in its hands; the second does all of it; then the first goes on."""
    donor = consent.donor(programme)
    donation = curation.donation(donor, *(curation.image(donor) for _ in range(FILES)))
    real = line.wash
    stalled: list[bool] = []

    def stalls(data: bytes, subject: object) -> object:
        result = real(data, subject)  # type: ignore[arg-type]  # passed on as it came
        if not stalled:
            stalled.append(True)
            clean.clean_donation(donation.pk)
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line, "wash", stalls)
        clean.clean_donation(donation.pk)
    drain()
    check_end_state(donation)


def test_a_store_that_is_away_delays_the_work(programme: Programme, drain: Drain) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, *(curation.image(donor) for _ in range(FILES)))

    def away(*_: object, **__: object) -> None:
        raise OSError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many, "_put", away)
        drain()
    assert not Derivation.objects.exists()
    DueWork.objects.filter(done=False).update(due_at=timezone.now())
    drain()
    time_passes()
    ask_for_leftovers()
    drain()
    check_end_state(donation)


def test_the_reaper_leaves_what_is_named_young_or_nobodys(programme: Programme, drain: Drain) -> None:
    series = curation.waiting_series(programme, images=1)
    reserved = reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=series.donor_id)
    manifest = reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=None)
    source = reserve(Zone.QUARANTINE, programme_id=programme.pk, donor_id=series.donor_id)
    assert not erase.left_behind().exists()
    time_passes()
    assert set(erase.left_behind()) == {reserved}
    ask_for_leftovers()
    drain()
    for thing in (reserved, manifest, source):
        thing.refresh_from_db()
    assert reserved.state == ObjectState.ERASED
    assert {manifest.state, source.state} == {ObjectState.RESERVED}
    check = Derivation.objects.get()
    assert keys_there(Zone.CLEAN, series.donor_id) == {str(check.output_id)}
