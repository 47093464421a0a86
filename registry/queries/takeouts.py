"""A donor's copies of what they sent: how far they are, which still lack, and which may not stay."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.storage.zones import ObjectState
from registry.models import DonatedFile, Takeout, TakeoutFile
from registry.queries.given import sent_back
from registry.rules.lifecycle import TakeoutState

_IS_DONE = Q(stored=None) | Q(stored__state=ObjectState.STORED)


@dataclass(frozen=True)
class TakeoutFacts:
    """`done` of `number` files are copied; `until` says how long the copies are there, once all are."""

    done: int
    number: int
    until: datetime | None = None


def takeout_facts(donor_id: UUID) -> TakeoutFacts | None:
    """How far the donor's copies are; None where none are being made or there."""
    takeout = Takeout.objects.filter(donor=donor_id).exclude(state=TakeoutState.ENDED).first()
    if takeout is None or (takeout.expires_at and takeout.expires_at <= timezone.now()):
        return None
    number, left = sent_back(donor_id).count(), to_copy(takeout).count()
    return TakeoutFacts(number - left, number, takeout.expires_at)


def copies(donor_id: UUID) -> QuerySet[TakeoutFile]:
    """The copies that the donor can have now, if the files that they are of may still be handed back."""
    ready = Takeout.objects.filter(donor=donor_id, state=TakeoutState.READY, expires_at__gt=timezone.now())
    return TakeoutFile.objects.filter(_IS_DONE, takeout__in=ready)


def uncopied(donor_id: UUID) -> QuerySet[DonatedFile]:
    """Files that the donor may have as they were sent, and of which no copy is ready."""
    return sent_back(donor_id).exclude(pk__in=copies(donor_id).values("file_id"))


def to_copy(takeout: Takeout) -> QuerySet[DonatedFile]:
    """Files of which this takeout has no finished copy, in a fixed order."""
    done = takeout.files.filter(_IS_DONE)
    return sent_back(takeout.donor_id).exclude(pk__in=done.values("file_id")).order_by("pk")


def takeouts_to_make() -> QuerySet[Takeout]:
    """Those that a worker is to go on with."""
    return Takeout.objects.filter(state=TakeoutState.MAKING)


def takeouts_of(*donor_ids: UUID) -> QuerySet[Takeout]:
    """Those of these donors that have not ended."""
    return Takeout.objects.filter(donor__in=donor_ids).exclude(state=TakeoutState.ENDED)


def may_not_stay(takeout: Takeout) -> QuerySet[TakeoutFile]:
    """Copies of files that may not be handed back any more; all of them once the takeout has ended."""
    if takeout.state == TakeoutState.ENDED:
        return takeout.files.all()
    return takeout.files.exclude(file__in=sent_back(takeout.donor_id))
