"""Parts of uploads that are not needed any more, and uploads whose time is over: ended, and their bytes erased."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.actors import Actor, SystemActor
from core.lifecycle import move_all
from core.storage import work as storage
from core.storage.models import StoredObject
from registry.models import QuarantineUse, Upload, UploadPart
from registry.rules.lifecycle import UNSENT, UploadState
from registry.work.room import count_again

CLOCK = SystemActor("clock")
MOST = 500
KEPT = timedelta(days=30)


@transaction.atomic
def end_uploads(uploads: QuerySet[Upload], *, by: Actor, why: str) -> int:
    """Ends what is open of the uploads, together; a sweep erases their parts. Returns how many."""
    # Locked first: one whose last part has just come is not open any more, and whose comes now finds it ended.
    still = list(uploads.filter(state=UploadState.OPEN).order_by("pk").select_for_update(of=("self",)))
    move_all(still, UploadState.ENDED, by=by, why=why, study="", study_key="")
    return len(still)


def end_expired() -> int:
    """Ends uploads that nothing came of for too long; returns how many."""
    over = Upload.objects.filter(state=UploadState.OPEN, expires_at__lte=timezone.now())
    some = list(over.values_list("pk", flat=True)[:MOST])
    with transaction.atomic():
        # `over` is asked again with the rows locked: one of them may just have been promised anew.
        return end_uploads(over.filter(pk__in=some), by=CLOCK, why="expired")


def forget_old() -> None:
    """Forgets uploads that are over for good: nobody asks any more how far they are."""
    over = Upload.objects.exclude(state=UploadState.OPEN).filter(expires_at__lte=timezone.now() - KEPT)
    old = over.exclude(donation__state__in=UNSENT).exclude(parts__isnull=False)
    Upload.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:MOST])).delete()


def erase_parts(parts: QuerySet[UploadPart], *, by: Actor, why: str) -> int:
    """Erases the bytes of the parts, sees that they are gone, and forgets the parts. Safe to run twice at once."""
    keys = dict(parts.values_list("pk", "stored_id"))
    erase_unless_joined(keys.values(), by=by, why=why)
    UploadPart.objects.filter(pk__in=keys).delete()
    return len(keys)


def erase_unless_joined(keys: Iterable[UUID], *, by: Actor, why: str) -> None:
    """Erases those objects that did not become pieces of a donated file."""
    storage.erase(StoredObject.objects.filter(pk__in=keys, part_of=None), by=by, why=why)


def forget_uploads(donor_id: UUID, *, by: Actor) -> None:
    """Erases the parts of all of a donor's uploads, and the uploads with what was counted for them."""
    mine = Upload.objects.filter(donation__donor_id=donor_id)
    with transaction.atomic():
        end_uploads(mine, by=by, why="withdrawal")
    erase_parts(UploadPart.objects.filter(upload__in=mine), by=by, why="withdrawal")
    mine.delete()
    QuarantineUse.objects.filter(subject_id=donor_id).delete()


def reap_parts() -> int:
    """The sweep: ends what has expired, and erases parts that no open upload needs; returns how many parts."""
    end_expired()
    forget_old()
    idle = UploadPart.objects.exclude(upload__state=UploadState.OPEN)
    donors = set(idle.values_list("upload__donation__donor", flat=True)[:MOST])
    some = list(idle.values_list("pk", flat=True)[:MOST])
    erased = erase_parts(UploadPart.objects.filter(pk__in=some), by=CLOCK, why="not_needed")
    for donor_id in donors:
        count_again(donor_id)
    return erased
