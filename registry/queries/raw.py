"""Files as they were sent: which are to be destroyed now, and until when a donation's are kept."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from core.accounts.models import Programme
from core.storage.zones import ObjectState
from registry.models import DonatedFile, Donation, Image
from registry.rules.raw import RawDays


@dataclass(frozen=True)
class RawFacts:
    """Files as they were sent: `until` when the last of them is destroyed; `gone_at` once all are."""

    until: datetime | None = None
    gone_at: datetime | None = None


def raw_days(programme: Programme) -> RawDays:
    """The programme's days."""
    return RawDays(programme.raw_days_after_acceptance, programme.raw_days_after_upload)


def raw_due(programme: Programme, now: datetime) -> QuerySet[DonatedFile]:
    """The programme's files whose time is over and whose bytes are still there."""
    days = raw_days(programme)
    accepted = Image.objects.filter(programme=programme, accepted_at__lte=now - timedelta(days=days.after_acceptance))
    is_over = Q(created_at__lte=now - timedelta(days=days.after_upload)) | Q(pk__in=accepted.values("file_id"))
    return DonatedFile.objects.filter(is_over, programme_id=programme.pk).exclude(stored__state=ObjectState.ERASED)


def raw_facts(donation: Donation) -> RawFacts:
    """Until when the files of a donation are kept as they were sent, as things stand now."""
    each = [facts for _, facts in _facts(donation.files.all(), raw_days(donation.programme))]
    kept = [facts.until for facts in each if facts.until]
    if kept or not each:
        return RawFacts(until=max(kept, default=None))
    return RawFacts(gone_at=max(facts.gone_at for facts in each if facts.gone_at))


def kept_until(file_ids: Collection[UUID]) -> dict[UUID, RawFacts]:
    """Of each of these files the same by itself."""
    rows = DonatedFile.objects.filter(pk__in=file_ids)
    programmes = Programme.objects.filter(pk__in=rows.order_by().values("programme_id"))
    return dict(pair for one in programmes for pair in _facts(rows.filter(programme_id=one.pk), raw_days(one)))


def _facts(files: QuerySet[DonatedFile], days: RawDays) -> Iterator[tuple[UUID, RawFacts]]:
    accepted = Image.objects.filter(file_id=OuterRef("pk")).values("accepted_at")[:1]
    rows = files.annotate(accepted=Subquery(accepted)).values_list("pk", "created_at", "accepted", "stored__erased_at")
    for pk, came, at, erased in rows:
        yield pk, RawFacts(gone_at=erased) if erased else RawFacts(until=days.until(came, at))
