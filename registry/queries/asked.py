"""What a request or a grant asks of every consent: the one question behind its numbers, its images and its jobs."""

from collections.abc import Iterable
from datetime import date
from itertools import accumulate
from uuid import UUID

from django.db.models import QuerySet

from consent import queries as consent
from consent.rules.asked import Asked
from consent.rules.use import Use, parse
from consent.rules.verdicts import Matter
from registry.models import AccessRequest, Grant
from registry.rules.counts import Share, share


def asked_in(thing: Grant | AccessRequest) -> Asked:
    """The use that it names, what the committee decided is covered for it, and from which day months are counted."""
    request = thing.request if isinstance(thing, Grant) else thing
    grant = thing if isinstance(thing, Grant) else Grant.objects.filter(request=thing).first()
    covered = frozenset(each.matter for each in request.matters.all() if each.covered)
    return Asked(use_in(thing), covered, grant.created_at.date() if grant else None)


def ready_to_ask(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """The grants with all that `asked_in` reads, in two queries however many they are."""
    return grants.select_related("request").prefetch_related("request__matters")


def asked_of_grants(ids: Iterable[UUID]) -> dict[UUID, Asked]:
    """The same by the grants' ids, for the apps above."""
    return {grant.pk: asked_in(grant) for grant in ready_to_ask(Grant.objects.filter(pk__in=set(ids)))}


def use_in(thing: Grant | AccessRequest) -> Use:
    """The use that a request or grant names, for showing it; consents are asked with `asked_in`."""
    return parse(thing.use)


def matters_of(request: AccessRequest) -> dict[Matter, Share]:
    """What the donors of the version leave to a person, with how many do, as it may be told: by the count of a day."""
    found = consent.tallied(asked_in(request), request.version_id)
    return {matter: share(number, found.total) for matter, number in found.matters.items()} if found else {}


def ends_of(grant: Grant) -> list[tuple[date, Share]]:
    """The days before the grant's end after which donors have left what it reaches, and how many have by then.

    By their consents' time limits and the count of a day. Few are not told of: a line would say that there is somebody.
    """
    ends, total = consent.ends_tallied(asked_in(grant), grant.version_id)
    before = {day: number for day, number in ends.items() if day < grant.expires_at.date()}
    told = zip(before, (share(number, total) for number in accumulate(before.values())), strict=True)
    return [(day, number) for day, number in told if not number.few]
