"""What consents said at a moment, by what was known at another: bitemporal, over events that are only ever appended.

A consent that rested then, because its form had changed and the day to sign again had passed, permitted nothing. What a
programme wanted of identity checks is not kept by its dates, and is not asked here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db.models import QuerySet

from consent.models import ConsentEvent, Donor, TermsRow
from consent.queries.standing import lapsed
from consent.queries.use import matcher
from consent.rules import events as rules
from consent.rules.events import EventKind
from consent.rules.matching import permits
from consent.rules.use import Use
from consent.rules.verdicts import Verdict


@dataclass(frozen=True)
class Moment:
    """A moment that is asked about, `on`, and the one by whose knowledge it is answered, `known_at`."""

    on: datetime
    known_at: datetime

    @classmethod
    def as_known_then(cls, on: datetime) -> "Moment":
        """The moment as it looked at the moment itself."""
        return cls(on, on)


def terms_held(donor_id: UUID, moment: Moment) -> TermsRow | None:
    """The terms of the donor's consent at the moment, or None where no consent was in force."""
    told = _events(moment).filter(donor_id=donor_id)
    digest = _digest_at(told, moment, frozenset())
    return TermsRow.objects.get(digest=digest) if digest else None


def verdict_at(donor_id: UUID, use: Use, moment: Moment) -> Verdict:
    """Whether the donor's consent permitted the use at the moment, by the rules and the diseases of today.

    What the rules of that day said of it, where it was asked then, is kept in UseVerdict.
    """
    told = _events(moment).filter(donor_id=donor_id)
    programme_id = Donor.objects.values_list("programme_id", flat=True).get(pk=donor_id)
    digest = _digest_at(told, moment, _lapsed(programme_id, moment))
    if digest is None:
        return permits(None, use)
    row = TermsRow.objects.get(digest=digest)
    return matcher(use, moment.on.date())(row.digest, row.canonical)


def permitted_at(use: Use, moment: Moment, *, programme_id: UUID) -> frozenset[UUID]:
    """The donors of the programme whose consent permitted the use at the moment; each set of terms is matched once."""
    told = _events(moment).filter(donor__programme_id=programme_id).order_by("donor_id", "id")
    holders: dict[str, list[UUID]] = defaultdict(list)
    lapsed = _lapsed(programme_id, moment)
    for donor_id, events in groupby(told.iterator(), key=attrgetter("donor_id")):
        if digest := _digest_at(events, moment, lapsed):
            holders[digest].append(donor_id)
    match = matcher(use, moment.on.date())
    rows = TermsRow.objects.filter(digest__in=holders) if len(holders) < 500 else TermsRow.objects.all()
    allowed = (row.digest for row in rows if row.digest in holders and match(row.digest, row.canonical).allowed)
    return frozenset(donor_id for digest in allowed for donor_id in holders[digest])


def _events(moment: Moment) -> QuerySet[ConsentEvent]:
    known = ConsentEvent.objects.filter(effective_at__lte=moment.on, recorded_at__lte=moment.known_at)
    return known.select_related("terms", "signature").order_by("id")


def _lapsed(programme_id: UUID, moment: Moment) -> frozenset[UUID]:
    return frozenset(lapsed(programme_id, moment.on, moment.known_at))


def _digest_at(told: Iterable[ConsentEvent], moment: Moment, lapsed: frozenset[UUID]) -> str | None:
    """The terms in force, unless the version on which they were signed last is one of `lapsed`."""
    events = (
        rules.ConsentEvent(
            EventKind(event.kind),
            event.terms.digest if event.terms else None,
            event.effective_at,
            event.recorded_at,
            event.signature.form_version_id if event.signature else None,
        )
        for event in told
    )
    living = rules.living_at(events, on=moment.on, known_at=moment.known_at)
    signed = [event.signed_on for event in living if event.signed_on]
    return None if not living or (signed and signed[-1] in lapsed) else living[-1].terms_digest
