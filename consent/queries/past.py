"""What consents said at a moment, by what was known at another: bitemporal, over events that are only ever appended.

A consent that rested then permitted nothing: because its form had changed and the day to sign again had passed, or
because the donor's identity had not been checked as the programme wanted it on that day.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db.models import QuerySet

from consent.models import ConsentEvent, Donor, DonorCheck, TermsRow
from consent.queries.checks import levels_at
from consent.queries.standing import Standing, standing_at
from consent.queries.use import matcher
from consent.rules import events
from consent.rules.events import EventKind
from consent.rules.lifecycle import ConsentState
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

    @property
    def decided_by(self) -> datetime:
        """Until when something must have been done to count: nobody is checked, and no minimum set, for the past."""
        return min(self.on, self.known_at)


@dataclass(frozen=True)
class Held:
    """What a donor's consent said at a moment: its terms, and why nothing might be done with the gift all the same.

    `why` is WITHDRAWN, RENEWAL, CHECK or nothing; WITHDRAWN stands for every lack of a consent, `row` being None then.
    """

    row: TermsRow | None
    why: str


def held_at(donor_id: UUID, moment: Moment) -> Held:
    """What the donor's consent said at the moment."""
    programme_id = Donor.objects.values_list("programme_id", flat=True).get(pk=donor_id)
    levels = levels_at(DonorCheck.objects.filter(donor_id=donor_id), moment.decided_by)
    living = _living(_events(moment).filter(donor_id=donor_id), moment)
    row = TermsRow.objects.get(digest=living[-1].terms_digest) if living else None
    return Held(row, _why(living, _standing(programme_id, moment), levels.get(donor_id, 0)))


def verdict_at(donor_id: UUID, use: Use, moment: Moment) -> Verdict:
    """Whether the donor's consent permitted the use at the moment, by the rules and the diseases of today.

    What the rules of that day said of it, where it was asked then, is kept in UseVerdict.
    """
    return verdict_on_held(held_at(donor_id, moment), use, moment)


def verdict_on_held(held: Held, use: Use, moment: Moment) -> Verdict:
    """The same, where what was held is known."""
    if held.row is None or held.why:
        return permits(None, use)
    return matcher(use, moment.on.date())(held.row.digest, held.row.canonical)


def permitted_at(use: Use, moment: Moment, *, programme_id: UUID) -> frozenset[UUID]:
    """The donors of the programme whose consent permitted the use at the moment; each set of terms is matched once."""
    told = _events(moment).filter(donor__programme_id=programme_id).order_by("donor_id", "id")
    holders: dict[str, list[UUID]] = defaultdict(list)
    rules = _standing(programme_id, moment)
    checks = DonorCheck.objects.filter(donor__programme_id=programme_id)
    levels = levels_at(checks, moment.decided_by) if rules.least else {}
    for donor_id, theirs in groupby(told.iterator(), key=attrgetter("donor_id")):
        living = _living(theirs, moment)
        if not _why(living, rules, levels.get(donor_id, 0)):
            holders[str(living[-1].terms_digest)].append(donor_id)
    match = matcher(use, moment.on.date())
    rows = TermsRow.objects.filter(digest__in=holders) if len(holders) < 500 else TermsRow.objects.all()
    allowed = (row.digest for row in rows if row.digest in holders and match(row.digest, row.canonical).allowed)
    return frozenset(donor_id for digest in allowed for donor_id in holders[digest])


def _events(moment: Moment) -> QuerySet[ConsentEvent]:
    known = ConsentEvent.objects.filter(effective_at__lte=moment.on, recorded_at__lte=moment.known_at)
    return known.select_related("terms", "signature").order_by("id")


def _standing(programme_id: UUID, moment: Moment) -> Standing:
    return standing_at(programme_id, moment.on, moment.known_at)


def _living(told: Iterable[ConsentEvent], moment: Moment) -> list[events.ConsentEvent]:
    rows = (
        events.ConsentEvent(
            EventKind(event.kind),
            event.terms.digest if event.terms else None,
            event.effective_at,
            event.recorded_at,
            event.signature.form_version_id if event.signature else None,
        )
        for event in told
    )
    return events.living_at(rows, on=moment.on, known_at=moment.known_at)


def _why(living: list[events.ConsentEvent], rules: Standing, check_level: int) -> str:
    """By the version that was signed last; a consent that came without a signature never lapses."""
    signed = [event.signed_on for event in living if event.signed_on]
    state = ConsentState.ACTIVE if living else ConsentState.WITHDRAWN
    return rules.why_rests(state, signed[-1] if signed else None, check_level)
