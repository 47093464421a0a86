"""Room in quarantine: reserved before bytes come, so that nobody passes a limit together; counted again by a sweep."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.errors import TooMuch
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from registry.models import QuarantineUse, Upload, UploadPart
from registry.rules.lifecycle import UploadState
from registry.rules.room import SENTENCES, Account, Most, accounts

#: Where files lie that nobody has cleaned yet.
UNREAD = (Zone.INCOMING, Zone.QUARANTINE)
#: A sum's scope -> whose it is, of an object and of an upload that is under way.
OWNERS = {"donor": ("donor_id", "donation__donor_id"), "programme": ("programme_id", "programme_id")}


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
    uses = QuarantineUse.objects.exclude(scope="day").exclude(used=0)
    # Read at once, without locks; a sum that seems wrong is counted again under its lock before it is changed.
    counted = {scope: _by_owner(scope) for scope in OWNERS}
    return sum(_count(use) for use in uses.iterator() if use.used != counted[use.scope].get(use.subject_id, 0))


def _count(use: QuarantineUse) -> bool:
    with transaction.atomic():
        # Locks the row: whoever reserves waits, and whoever has reserved is seen by the counting that follows.
        mine = QuarantineUse.objects.filter(pk=use.pk)
        mine.update(used=F("used"))
        counted = _by_owner(use.scope, use.subject_id).get(use.subject_id, 0)
        return bool(mine.exclude(used=counted).update(used=counted))


def _by_owner(scope: str, *only: UUID) -> Counter[UUID]:
    """Bytes that lie or are promised, by donor or programme: everybody's, or only of the one that is named."""
    # Parts are counted with the file that they are of, on the way and when it is whole.
    lying = StoredObject.objects.filter(zone__in=UNREAD, part_of=None).exclude(state=ObjectState.ERASED)
    lying = lying.exclude(pk__in=UploadPart.objects.values("stored_id"))
    of_object, of_upload = OWNERS[scope]
    sums = Counter[UUID]()
    for rows, owner in ((lying, of_object), (Upload.objects.filter(state=UploadState.OPEN), of_upload)):
        named = rows.filter(**{f"{owner}__in": only}) if only else rows
        sums.update(dict(named.values_list(owner).annotate(bytes=Coalesce(Sum("size"), 0)).order_by()))
    return sums
