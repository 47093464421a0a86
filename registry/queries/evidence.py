"""Evidence that is owed, given and accepted, by reader; and what of it stops new use."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.accounts.queries import Reader, programmes
from core.accounts.roles import Role
from registry.models import Evidence, Grant
from registry.rules.evidence import FIRST, WARNED
from registry.rules.lifecycle import EvidenceState

DECIDERS = (Role.COMMITTEE, Role.STEWARD)


def evidence_visible(user: Reader) -> QuerySet[Evidence]:
    """The user's own, and that of programmes in which they sit on the committee, are steward or auditor."""
    watched = programmes(user, *DECIDERS, Role.AUDITOR)
    found = Evidence.objects.filter(Q(grant__researcher_id=user.pk) | Q(programme__in=watched))
    return found.select_related("grant__request", "grant__researcher", "programme")


def evidence_to_decide(user: Reader) -> QuerySet[Evidence]:
    """What was given and waits for this person's word; nobody decides on their own."""
    given = evidence_visible(user).filter(state=EvidenceState.GIVEN, programme__in=programmes(user, *DECIDERS))
    return given.exclude(grant__researcher_id=user.pk)


def evidence_due(user: Reader) -> QuerySet[Evidence]:
    """What this person owes now or soon."""
    soon = timezone.now() + WARNED
    return evidence_visible(user).filter(grant__researcher_id=user.pk, state=EvidenceState.OWED, due_at__lte=soon)


def why_nothing_new(grant: Grant) -> str:
    """The sentence of why evidence that is missing stops new use under the grant, or nothing.

    What must come first stops its own grant until it is accepted. What is overdue, often of an access that is over,
    stops everything new of the same researcher in the programme; once it is given it does not.
    """
    owed = Evidence.objects.filter(programme_id=grant.programme_id, grant__researcher_id=grant.researcher_id)
    if owed.filter(grant=grant, code__in=FIRST).exclude(state=EvidenceState.ACCEPTED).exists():
        return "Evidence must be accepted before the first use. The agreement's page says which."
    late = owed.filter(state=EvidenceState.OWED, due_at__lte=timezone.now()).exclude(code__in=FIRST)
    return "Evidence that you owe is overdue, so nothing new can begin. Your inbox says which." if late.exists() else ""
