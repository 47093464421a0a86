"""Files as they were sent: which are to be destroyed now, and until when a donation's are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from core.accounts.models import Programme
from core.storage.zones import ObjectState
from registry.models import DonatedFile, Donation, Image
from registry.rules.raw import RawDays


@dataclass(frozen=True)
class RawFacts:
    """A donation's files as they were sent: `until` when the last is destroyed; `gone_at` once all are."""

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
    accepted = Image.objects.filter(file_id=OuterRef("pk")).values("accepted_at")[:1]
    columns = ("created_at", "accepted", "stored__erased_at")
    rows = list(donation.files.annotate(accepted=Subquery(accepted)).values_list(*columns))
    days = raw_days(donation.programme)
    if not rows:
        return RawFacts()
    if all(erased for _, _, erased in rows):
        return RawFacts(gone_at=max(erased for _, _, erased in rows))
    return RawFacts(until=max(days.until(came, at) for came, at, erased in rows if not erased))
