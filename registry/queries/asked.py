"""What a request or a grant asks of every consent: the one question behind its numbers, its images and its jobs."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from consent import queries as consent
from consent.queries import Tallied
from consent.rules.asked import Asked
from consent.rules.use import Use, parse
from consent.rules.verdicts import Matter
from core.errors import Missing
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


def asked_of_grant(grant_id: UUID) -> Asked:
    """The same by a grant's id, for the apps above; raises Missing."""
    grant = Grant.objects.filter(pk=grant_id).first()
    if grant is None:
        raise Missing("There is no such grant.")
    return asked_in(grant)


def use_in(thing: Grant | AccessRequest) -> Use:
    """The use that a request or grant names, for showing it; consents are asked with `asked_in`."""
    return parse(thing.use)


def matters_of(request: AccessRequest) -> dict[Matter, Share]:
    """What the donors of the version leave to a person, with how many do, as it may be told: by the count of a day."""
    found = _told(request)
    return {matter: share(number, found.total) for matter, number in found.matters.items()} if found else {}


def ends_of(grant: Grant) -> list[tuple[date, Share]]:
    """The days after which donors leave what the grant reaches, by their consents' time limits, and how many do."""
    ends, total = consent.ends_tallied(asked_in(grant), grant.version_id)
    return [(day, share(number, total)) for day, number in ends.items()]


def _told(request: AccessRequest) -> Tallied | None:
    return consent.tallied(asked_in(request), request.version_id)
