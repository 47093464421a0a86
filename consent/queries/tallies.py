"""What may be told about how many donors permit a use: from the count of a day, so that asking twice tells nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from consent.models import Tally, TermsRow
from consent.queries.use import ender, matcher
from consent.rules.asked import Question
from consent.rules.verdicts import Matter, Obligation, Outcome


@dataclass(frozen=True)
class Tallied:
    """How many donors permitted a use, of how many, when they were counted; to be told in rounded numbers only.

    `left`: how many permit it only if a person decides so, and `matters`: what they leave to that person, with how
    many of them do. One donor may leave several things open. `duties`: what those who permit it ask for it, with how
    many do; `denied`: how many do not permit it, by the first reason's code.
    """

    permitted: int
    total: int
    day: date
    left: int = 0
    matters: dict[Matter, int] = field(default_factory=dict)
    duties: dict[Obligation, int] = field(default_factory=dict)
    denied: Counter[str] = field(default_factory=Counter)


def tallied(question: Question, subject_id: UUID) -> Tallied | None:
    """What the donors of a subject say of the use, by its newest count; None before the first."""
    tally = _newest(subject_id)
    if tally is None:
        return None
    match = matcher(question, tally.day)
    permitted, left, denied = 0, 0, Counter[str]()
    matters, duties = Counter[Matter](), Counter[Obligation]()
    for row, number in _rows(tally):
        verdict = match(row.digest, row.canonical)
        if verdict.allowed:
            permitted += number
            duties.update(dict.fromkeys(verdict.obligations, number))
        else:
            denied[verdict.reasons[0].code] += number
        left += number if verdict.outcome is Outcome.REVIEW else 0
        matters.update(dict.fromkeys(verdict.matters, number))
    return Tallied(permitted, tally.total, tally.day, left, dict(sorted(matters.items())), dict(duties), denied)


def ends_tallied(question: Question, subject_id: UUID) -> tuple[dict[date, int], int]:
    """(the last days of a subject's donors who permit the use, with how many have each; how many donors there are)."""
    tally, ends = _newest(subject_id), Counter[date]()
    if tally is None:
        return {}, 0
    ends_of = ender(question, tally.day)
    for row, number in _rows(tally):
        ends.update({end: number for end in ends_of(row) if end})
    return dict(sorted(ends.items())), tally.total


def not_tallied(subject_ids: Iterable[UUID], day: date) -> set[UUID]:
    """Those of the subjects that have not been counted on this day."""
    wanted = set(subject_ids)
    return wanted.difference(Tally.objects.filter(subject_id__in=wanted, day=day).values_list("subject_id", flat=True))


def _newest(subject_id: UUID) -> Tally | None:
    return Tally.objects.filter(subject_id=subject_id).order_by("-day").first()


def _rows(tally: Tally) -> Iterator[tuple[TermsRow, int]]:
    for row in TermsRow.objects.filter(pk__in=tally.by_terms):
        yield row, tally.by_terms[str(row.pk)]
