"""How much curators have read, how fast, and how much of what was planted they found."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from core.accounts.models import Programme, User
from core.accounts.queries import Reader, key_of, members, programmes
from core.accounts.roles import Role
from curation.models import Probe, Reading, Series
from curation.rules.lifecycle import ProbeState, SeriesState
from curation.rules.planted import Rate, rate

#: A pace is told from what was decided in this time, and from no fewer decisions than this.
LATELY, LEAST = timedelta(minutes=10), 3


class Progress(NamedTuple):
    """What a curator has decided today (UTC), and how many a minute lately; 0 where that is not known."""

    today: int
    a_minute: float


@dataclass
class ReaderLine:
    """One curator of a programme: decisions by what they were, median seconds a series, planted writing found."""

    curator: User
    decisions: dict[str, int] = field(default_factory=dict)
    seconds: float | None = None
    planted: Rate = field(default_factory=lambda: rate(0, 0))


def progress(user: Reader) -> Progress:
    """How this curator gets on."""
    now = timezone.now()
    mine = Reading.objects.filter(curator_id=key_of(user))
    today = mine.filter(decided_at__gte=now.replace(hour=0, minute=0, second=0, microsecond=0)).count()
    lately = list(mine.filter(decided_at__gte=now - LATELY).order_by("decided_at").values_list("decided_at", flat=True))
    minutes = (now - lately[0]).total_seconds() / 60 if lately else 0.0
    return Progress(today, len(lately) / max(minutes, 0.1) if len(lately) >= LEAST else 0.0)


def catches(user: Reader) -> Rate:
    """How much of what was planted for this curator they found."""
    return _rates(Probe.objects.filter(curator_id=key_of(user))).get(key_of(user), rate(0, 0))


def reader_lines(programme: Programme) -> list[ReaderLine]:
    """The programme's curators, and those who were once and decided something, by name."""
    read = Reading.objects.filter(series__in=Series.objects.filter(programme=programme).values("pk"))
    decisions: dict[UUID, dict[str, int]] = defaultdict(dict)
    for curator, decision, count in read.values_list("curator", "decision").annotate(count=Count("pk")).order_by():
        decisions[curator][decision] = count
    rates = _rates(Probe.objects.filter(programme=programme))
    seconds = _medians(read.exclude(seconds=None).values_list("curator", "seconds"))
    people = User.objects.filter(pk__in=[*members(programme.pk, Role.CURATOR).values_list("pk", flat=True), *decisions])
    return [
        ReaderLine(person, decisions.get(person.pk, {}), seconds.get(person.pk), rates.get(person.pk, rate(0, 0)))
        for person in people.order_by("display_name", "pk")
    ]


def waiting_for_second(programme: Programme) -> QuerySet[Series]:
    """The programme's series that one curator has accepted and no second one has looked at."""
    return Series.objects.filter(programme=programme, state=SeriesState.SECOND)


def lacks_second(programme: Programme) -> bool:
    """Whether series wait for a second curator, and the programme has no more than one."""
    return waiting_for_second(programme).exists() and members(programme.pk, Role.CURATOR).count() < 2


def stewarded(user: Reader) -> list[Programme]:
    """The programmes that this person stewards, by name."""
    return list(programmes(user, Role.STEWARD).order_by("name"))


def _rates(probes: QuerySet[Probe]) -> dict[UUID, Rate]:
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    ended = probes.filter(state__in=[ProbeState.CAUGHT, ProbeState.MISSED])
    for curator, state, count in ended.values_list("curator", "state").annotate(count=Count("pk")).order_by():
        found[curator][state] = count
    return {curator: rate(states.get(ProbeState.CAUGHT, 0), sum(states.values())) for curator, states in found.items()}


def _medians(pairs: Iterable[tuple[UUID, int | None]]) -> dict[UUID, float]:
    found: dict[UUID, list[int]] = defaultdict(list)
    for curator, seconds in pairs:
        found[curator].append(seconds or 0)
    return {curator: median(all_of_them) for curator, all_of_them in found.items()}
