"""The one question asked at every step: which donors' consents, today, permit this use?"""

from collections import Counter
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from consent.models import CurrentConsent, Donor, TermsRow
from consent.queries.standing import in_use, standing, usable, why_rests
from consent.rules.grammar import parse
from consent.rules.matching import permits
from consent.rules.use import Use
from consent.rules.verdicts import Verdict
from core.canonical import loads


@lru_cache(maxsize=65_536)
def verdict_on(terms_digest: str, canonical: str, use: Use, today: date) -> Verdict:
    """What the rules say of these terms and this use; a use without a date means today."""
    return permits(parse(loads(canonical)), use)


def permitting_terms(use: Use, programme_id: UUID) -> list[UUID]:
    """The terms, among those in force in the programme, that permit `use`. Each is matched once, whoever chose it."""
    today = timezone.now().date()
    rows = TermsRow.objects.filter(pk__in=in_use(programme_id).values("terms_id"))
    return [row.pk for row in rows if verdict_on(row.digest, row.canonical, use, today).allowed]


def permitted(use: Use, *, programme_id: UUID) -> QuerySet[Donor]:
    """Donors of the programme whose consent, now, permits `use` (under obligations or without)."""
    allowed = permitting_terms(use, programme_id)
    return usable(programme_id).filter(consent__terms_id__in=allowed)


def counts(use: Use, donors: QuerySet[Donor], *, programme_id: UUID) -> tuple[int, int]:
    """(how many of `donors` permit the use, how many they are)."""
    ids = donors.values("pk")
    return permitted(use, programme_id=programme_id).filter(pk__in=ids).count(), donors.count()


def denials(use: Use, donors: QuerySet[Donor], *, programme_id: UUID) -> Counter[str]:
    """How many of `donors` do not permit the use, by the first reason's code.

    The codes of consent.queries.standing stand for those whose consent is withdrawn or rests, whatever it says.
    """
    today, rules = timezone.now().date(), standing(programme_id)
    held = CurrentConsent.objects.filter(programme_id=programme_id, donor__in=donors)
    found: Counter[str] = Counter()
    stands = held.values("terms__digest", "terms__canonical", "state", "signed_on_id", "check_level")
    for group in stands.annotate(number=Count("pk")).order_by():
        if why := rules.why_rests(group["state"], group["signed_on_id"], group["check_level"]):
            found[why] += group["number"]
            continue
        verdict = verdict_on(group["terms__digest"], group["terms__canonical"], use, today)
        if not verdict.allowed:
            found[verdict.reasons[0].code] += group["number"]
    return found


def verdict_for(donor_id: UUID, use: Use) -> Verdict:
    """What the donor's consent says of the use now; no consent in force, or one that rests, is DENY."""
    consent = CurrentConsent.objects.select_related("terms").filter(donor_id=donor_id).first()
    if consent is None or why_rests(consent):
        return permits(None, use)
    return verdict_on(consent.terms.digest, consent.terms.canonical, use, timezone.now().date())
