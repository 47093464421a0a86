"""Destroys files as they were sent once their days are over, and sees that every copy is gone."""

from django.db import transaction
from django.utils import timezone

from core.accounts.models import Programme
from core.actors import SystemActor
from core.audit.record import record
from core.errors import Conflict
from core.lifecycle import move
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import ObjectState
from registry.models import DonatedFile, Donation, TakeoutFile
from registry.queries.raw import raw_due
from registry.rules.lifecycle import FileState
from registry.work.files import settle
from registry.work.room import count_again
from registry.work.takeouts import erase_copies

CLOCK = SystemActor("clock")
WHY = "raw_days_over"
MOST = 500


def destroy_raw(limit: int = MOST) -> int:
    """The sweep: up to `limit` files of each programme; returns how many. Safe to run twice at once.

    The trail has an event for each object that was seen to be gone, and one for each donation with its numbers.
    """
    destroyed, now = 0, timezone.now()
    for programme in Programme.objects.all():
        due: dict[Donation, list[DonatedFile]] = {}
        for file in raw_due(programme, now).select_related("donation")[:limit]:
            due.setdefault(file.donation, []).append(file)
        for donation, files in due.items():
            destroyed += _destroy(donation, files)
    return destroyed


def _destroy(donation: Donation, files: list[DonatedFile]) -> int:
    for file in files:
        if file.state in (FileState.HELD, FileState.RECEIVED):
            _give_up(file)
    objects = StoredObject.objects.filter(pk__in=[file.stored_id for file in files])
    erased = storage.erase(objects.exclude(state=ObjectState.ERASED), by=CLOCK, why=WHY)
    erase_copies(TakeoutFile.objects.filter(file__in=files), by=CLOCK, why=WHY)
    left = donation.files.exclude(stored__state=ObjectState.ERASED).count()
    with transaction.atomic():
        record("donation.raw_destroyed", donation, by=CLOCK, data={"files": erased, "left": left})
    settle(donation.pk, by=CLOCK)
    count_again(donation.donor_id)
    return erased


def _give_up(file: DonatedFile) -> None:
    """A file that nobody could clean in its time is not used."""
    try:
        move(file, FileState.REMOVED, by=CLOCK, why=WHY, person_key="", study_key="")
    except Conflict:
        return  # a worker has just decided it
