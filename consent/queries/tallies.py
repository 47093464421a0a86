"""What may be told about how many donors permit a use: from the count of a day, so that asking twice tells nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from consent.models import Tally, TermsRow
from consent.queries.use import matcher
from consent.rules.use import Use


@dataclass(frozen=True)
class Tallied:
    """How many donors permitted a use, of how many, when they were counted; to be told in rounded numbers only."""

    permitted: int
    total: int
    day: date


def tallied(use: Use, subject_id: UUID) -> Tallied | None:
    """The donors of a subject that permit the use, by its newest count; None before the first."""
    tally = Tally.objects.filter(subject_id=subject_id).order_by("-day").first()
    if tally is None:
        return None
    match = matcher(use, tally.day)
    rows = TermsRow.objects.filter(pk__in=tally.by_terms)
    allowed = (str(row.pk) for row in rows if match(row.digest, row.canonical).allowed)
    return Tallied(sum(tally.by_terms[pk] for pk in allowed), tally.total, tally.day)


def not_tallied(subject_ids: Iterable[UUID], day: date) -> set[UUID]:
    """Those of the subjects that have not been counted on this day."""
    wanted = set(subject_ids)
    return wanted.difference(Tally.objects.filter(subject_id__in=wanted, day=day).values_list("subject_id", flat=True))
