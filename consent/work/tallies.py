"""Counts the donors of a subject by their terms, once a day."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from consent.models import Donor, Tally
from consent.queries.use import holders_of


def take_tally(subject_id: UUID, donors: QuerySet[Donor], *, programme_id: UUID) -> None:
    """Keeps today's count of `donors` by their terms, and no older one; a second one on a day changes nothing."""
    today = timezone.now().date()
    if Tally.objects.filter(subject_id=subject_id, day=today).exists():
        return
    holders, _ = holders_of(donors, programme_id)
    by_terms = {str(terms): number for terms, number in holders.items()}
    row = Tally(
        programme_id=programme_id,
        subject_id=subject_id,
        day=today,
        total=sum(by_terms.values()),
        by_terms=by_terms,
    )
    Tally.objects.bulk_create([row], ignore_conflicts=True)
    Tally.objects.filter(subject_id=subject_id, day__lt=today).delete()
