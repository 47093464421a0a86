"""The one question asked at every step: which donors' consents, today, permit this use?"""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from consent.models import CurrentConsent, Donor, TermsRow
from consent.queries.diseases import diseases
from consent.queries.standing import in_use, standing, usable, why_rests
from consent.rules.asked import Asked, Question, asked
from consent.rules.diseases import DiseaseTree
from consent.rules.effects import Change
from consent.rules.grammar import parse
from consent.rules.matching import permits
from consent.rules.verdicts import Obligation, Verdict
from core.canonical import loads, sha256_hex

#: A set of terms, by its digest and its canonical JSON, and what the rules say of it.
Matcher = Callable[[str, str], Verdict]


@lru_cache(maxsize=65_536)
def verdict_on(terms_digest: str, canonical: str, question: Asked, known: DiseaseTree) -> Verdict:
    """What the rules say of these terms and this question, by these diseases; remembered for each digest and text.

    A text that is not that of its digest was changed from outside: it permits nothing.
    """
    return question.put_to(parse(loads(canonical)) if is_genuine(terms_digest, canonical) else None, known)


def is_genuine(terms_digest: str, canonical: str) -> bool:
    """Whether the text of terms is the one that was signed under this digest."""
    return sha256_hex(canonical) == terms_digest


def matcher(question: Question, day: date | None = None) -> Matcher:
    """Puts it to any terms, by the diseases that are known now; a use without a date is one on `day`, or today."""
    dated, known = asked(question).on(day or timezone.now().date()), diseases()
    return lambda terms_digest, canonical: verdict_on(terms_digest, canonical, dated, known)


def permitting_terms(question: Question, programme_id: UUID) -> list[UUID]:
    """The terms, among those in force in the programme, that permit it. Each is matched once, whoever chose it."""
    match = matcher(question)
    rows = TermsRow.objects.filter(pk__in=in_use(programme_id).values("terms_id"))
    return [row.pk for row in rows if match(row.digest, row.canonical).allowed]


def permitted(question: Question, *, programme_id: UUID) -> QuerySet[Donor]:
    """Donors of the programme whose consent, now, permits the use (under obligations or without)."""
    allowed = permitting_terms(question, programme_id)
    return usable(programme_id).filter(consent__terms_id__in=allowed)


def counts(question: Question, donors: QuerySet[Donor], *, programme_id: UUID) -> tuple[int, int]:
    """(how many of `donors`, who are of the programme, permit the use, how many they are)."""
    verdicts, total = _verdicts(question, donors, programme_id)
    return sum(number for verdict, number in verdicts if verdict.allowed), total


def last_day(question: Question, donors: QuerySet[Donor], *, programme_id: UUID) -> date | None:
    """The last day on which any of `donors` who permit the use does; None where one of them sets no day, or none is."""
    holders, _ = holders_of(donors.filter(programme_id=programme_id), programme_id)
    rows = TermsRow.objects.filter(pk__in=list(holders))
    ends = ender(question)
    days = [day for row in rows for day in ends(row)]
    return None if None in days else max((day for day in days if day), default=None)


def ender(question: Question, day: date | None = None) -> Callable[[TermsRow], list[date | None]]:
    """Tells of any terms the last day on which they permit it, or None where they set none; nothing where they do not.

    A use without a date is one on `day`, or today.
    """
    dated, known = asked(question).on(day or timezone.now().date()), diseases()

    def ends(row: TermsRow) -> list[date | None]:
        if not verdict_on(row.digest, row.canonical, dated, known).allowed:
            return []
        return [dated.last_day(parse(loads(row.canonical)), known)]

    return ends


def obligations(question: Question, donors: QuerySet[Donor], *, programme_id: UUID) -> list[Obligation]:
    """What those of `donors` who permit the use ask for it, each once, in the order of the codes."""
    verdicts, _ = _verdicts(question, donors, programme_id)
    duties = {obligation for verdict, _ in verdicts if verdict.allowed for obligation in verdict.obligations}
    return sorted(duties, key=lambda obligation: (obligation.code, obligation.sentence))


def _verdicts(question: Question, donors: QuerySet[Donor], programme_id: UUID) -> tuple[list[tuple[Verdict, int]], int]:
    """(what each set of terms that the programme's `donors` hold says, and how many hold it; how many they are)."""
    holders, total = holders_of(donors.filter(programme_id=programme_id), programme_id)
    match = matcher(question)
    rows = TermsRow.objects.filter(pk__in=list(holders))
    return [(match(row.digest, row.canonical), holders[row.pk]) for row in rows], total


def holders_of(donors: QuerySet[Donor], programme_id: UUID) -> tuple[Counter[UUID], int]:
    """(how many of the programme's `donors` hold which terms under which something may be done, how many they are).

    In one pass over them.
    """
    rules, holders, total = standing(programme_id), Counter[UUID](), 0
    stands = ("consent__terms_id", "consent__state", "consent__signed_on_id", "consent__check_level")
    grouped: Any = donors.values_list(*stands).annotate(number=Count("pk")).order_by()
    for terms, state, signed_on, level, number in grouped:
        total += number
        if not rules.why_rests(state, signed_on, level):
            holders[terms] += number
    return holders, total


def denials(question: Question, donors: QuerySet[Donor], *, programme_id: UUID) -> Counter[str]:
    """How many of `donors` do not permit the use, by the first reason's code.

    The codes of consent.queries.standing stand for those whose consent is withdrawn or rests, whatever it says.
    """
    match, rules = matcher(question), standing(programme_id)
    held = CurrentConsent.objects.filter(programme_id=programme_id, donor__in=donors)
    found: Counter[str] = Counter()
    stands = held.values("terms__digest", "terms__canonical", "state", "signed_on_id", "check_level")
    for group in stands.annotate(number=Count("pk")).order_by():
        if why := rules.why_rests(group["state"], group["signed_on_id"], group["check_level"]):
            found[why] += group["number"]
            continue
        verdict = match(group["terms__digest"], group["terms__canonical"])
        if not verdict.allowed:
            found[verdict.reasons[0].code] += group["number"]
    return found


def answers_of(donor_id: UUID) -> Callable[[Question], Verdict]:
    """What the donor's consent says now, of one use after another: it is read once, however many are asked.

    No consent in force, or one that rests, is DENY.
    """
    consent = CurrentConsent.objects.select_related("terms").filter(donor_id=donor_id).first()
    if consent is None or why_rests(consent):
        return lambda question: permits(None, asked(question).use)
    terms, known, today = consent.terms, diseases(), timezone.now().date()
    return lambda question: verdict_on(terms.digest, terms.canonical, asked(question).on(today), known)


def verdict_for(donor_id: UUID, question: Question) -> Verdict:
    """What the donor's consent says of one use now."""
    return answers_of(donor_id)(question)


def goes_on(change: Change, question: Question) -> bool:
    """Whether a use that was granted goes on after a donor's change, asked today and by the diseases known today."""
    return change.permits(asked(question).on(timezone.now().date()), diseases())
