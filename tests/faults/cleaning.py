"""A donation on its way through the cleaner: where it is, and whether it came to its end once."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from core.accounts.models import Programme
from core.due.models import DueWork
from core.storage.check import compare
from core.storage.models import StoredObject
from core.storage.zones import Zone
from curation.models import Derivation, Series
from curation.tasks import ask_for_leftovers
from curation.work.erase import LEFT_BEHIND, left_behind
from registry.models import DonatedFile, Donation
from tests.factories import consent, curation
from tests.faults.tree import until

#: A moment of the cleaning of one donation, as far as the database shows it.
Moment = Callable[[UUID], bool]


def donate(programme: Programme, files: int) -> Donation:
    """A donation of that many images, sent in."""
    donor = consent.donor(programme)
    return curation.donation(donor, *(curation.image(donor) for _ in range(files)))


def begun(donation_id: UUID) -> bool:
    """A living worker has claimed it: it reads."""
    return DueWork.objects.filter(subject_id=donation_id, done=False, lease_until__gt=timezone.now()).exists()


def writing(zone: Zone) -> Moment:
    """A worker has reserved an object in the zone and writes its bytes, or has just written them."""

    def moment(donation_id: UUID) -> bool:
        donor_id = Donation.objects.values_list("donor_id", flat=True).get(pk=donation_id)
        just_now = timezone.now() - timedelta(seconds=0.5)
        mine = StoredObject.objects.filter(donor_id=donor_id, zone=zone, created_at__gt=just_now)
        named = Derivation.objects.filter(series__donation_id=donation_id)
        return mine.exclude(pk__in=named.values("output_id")).exclude(pk__in=named.values("render_id")).exists()

    return moment


def noted(number: int) -> Moment:
    """That many files have their derivation."""
    return lambda donation_id: Derivation.objects.filter(series__donation_id=donation_id).count() >= number


def at_rest(donation_id: UUID) -> bool:
    """Nothing is due for it any more, and a curator can see it."""
    due = DueWork.objects.filter(subject_id=donation_id, done=False)
    return not due.exists() and Series.objects.filter(donation_id=donation_id, state="waiting").exists()


def check_done_once(donation: Donation, files: int) -> None:
    """Every file is cleaned, with one derivation, and counted once."""
    found = DonatedFile.objects.filter(donation=donation)
    assert list(found.values_list("state").annotate(Count("pk"))) == [("cleaned", files)]
    made = Derivation.objects.filter(series__donation_id=donation.pk)
    assert sorted(made.values_list("file_id", flat=True)) == sorted(found.values_list("pk", flat=True))
    assert list(Series.objects.filter(donation_id=donation.pk).values_list("image_count", flat=True)) == [files]


def reap() -> None:
    """Time passes, and the sweeps find what dead workers left; a worker erases it."""
    StoredObject.objects.update(created_at=timezone.now() - 2 * LEFT_BEHIND)
    ask_for_leftovers()
    until(lambda: not DueWork.objects.filter(done=False).exclude(kind__startswith="storage.").exists())


def check_nothing_astray() -> None:
    """After the reaper: every object is named by a row that needs it, and every zone comes to agree with its rows.

    A worker that was slow and not dead may finish a write whose row was reaped meanwhile; it takes its bytes back
    itself. Nothing but the registry's own processes mends anything here.
    """
    assert not left_behind().exists()
    try:
        until(lambda: not astray(), 60)
    except AssertionError:
        raise AssertionError(f"astray: {astray()}") from None


def astray() -> list[str]:
    """Objects without a row that answers for them, and rows without an object, each with how its row stands."""
    found = [(zone, key) for zone in Zone for each in [compare(zone)] for key in each.orphans + each.missing]
    rows = StoredObject.objects.filter(pk__in=[key for _, key in found])
    states = {str(row.pk): f"{row.state}, written {row.stored_at}, erased {row.erased_at}" for row in rows}
    return [f"{zone} {key}: {states.get(key, 'no row')}" for zone, key in found]
