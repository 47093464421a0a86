"""Room in quarantine: reserved before bytes come, so that nobody passes a limit together; counted again by a sweep."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from core.errors import TooMuch
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from registry.models import QuarantineUse, Upload, UploadPart
from registry.rules.lifecycle import UploadState
from registry.rules.room import SENTENCES, Account, Most, accounts

#: Where files lie that nobody has cleaned yet.
UNREAD = (Zone.INCOMING, Zone.QUARANTINE)


def take_room(size: int, *, donor_id: UUID, programme_id: UUID) -> None:
    """Reserves `size` bytes in the caller's transaction, which also writes what they are for.

    Raises TooMuch, with the scope as its code, where a limit would be passed; the caller's transaction then ends.
    """
    today = timezone.now().date()
    for account in accounts(
        Most(**settings.QUARANTINE_MOST), donor_id=donor_id, programme_id=programme_id, today=today
    ):
        if not _raised(account, size):
            raise TooMuch(SENTENCES[account.scope], f"quota_{account.scope}")


def _raised(account: Account, size: int) -> bool:
    """Whether the sum could be raised: one statement looks and writes, so that of two at once each sees the other."""
    key: dict[str, Any] = {"scope": account.scope, "subject_id": account.subject_id, "day": account.day}
    may = QuarantineUse.objects.filter(**key, used__lte=account.most - size)
    if may.update(used=F("used") + size):
        return True
    QuarantineUse.objects.get_or_create(**key)
    return bool(may.update(used=F("used") + size))


def count_again(donor_id: UUID) -> None:
    """Counts a donor's bytes anew, once something of theirs has gone."""
    for use in QuarantineUse.objects.filter(scope="donor", subject_id=donor_id):
        _count(use)


def count_all_again() -> int:
    """The sweep: every sum of a donor or programme as it is, no day before yesterday; returns how many changed."""
    yesterday = timezone.now().date() - timedelta(days=1)
    QuarantineUse.objects.filter(scope="day", day__lt=yesterday.isoformat()).delete()
    return sum(_count(use) for use in QuarantineUse.objects.exclude(scope="day").exclude(used=0))


def _count(use: QuarantineUse) -> bool:
    with transaction.atomic():
        # Locks the row: whoever reserves waits, and whoever has reserved is seen by the counting that follows.
        mine = QuarantineUse.objects.filter(pk=use.pk)
        mine.update(used=F("used"))
        counted = _lying(use) + _promised(use)
        return bool(mine.exclude(used=counted).update(used=counted))


def _lying(use: QuarantineUse) -> int:
    things = StoredObject.objects.filter(zone__in=UNREAD).exclude(state=ObjectState.ERASED)
    whose = {"donor_id": use.subject_id} if use.scope == "donor" else {"programme_id": use.subject_id}
    # Parts are counted with the file that they are of.
    things = things.filter(**whose).exclude(pk__in=UploadPart.objects.values("stored_id"))
    return things.aggregate(n=Sum("size"))["n"] or 0


def _promised(use: QuarantineUse) -> int:
    whose = {"donation__donor": use.subject_id} if use.scope == "donor" else {"programme_id": use.subject_id}
    promised = Upload.objects.filter(state=UploadState.OPEN, **whose)
    return promised.aggregate(n=Sum("size"))["n"] or 0
