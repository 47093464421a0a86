"""Evidence that is owed, given and accepted, by reader; and what of it stops new use."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.accounts.queries import Reader, programmes
from core.accounts.roles import Role
from core.texts import gettext_noop as _
from registry.models import Evidence, Grant
from registry.rules.evidence import FIRST, WARNED
from registry.rules.lifecycle import EvidenceState, GrantState

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
    return owed(timezone.now() + WARNED).filter(grant__researcher_id=user.pk).select_related("grant__request")


def owed(until: datetime) -> QuerySet[Evidence]:
    """What is due by then and not given; of an access that ended, what had to come before its first use is no more."""
    due = Evidence.objects.filter(state=EvidenceState.OWED, due_at__lte=until)
    return due.exclude(Q(code__in=FIRST) & ~Q(grant__state=GrantState.ACTIVE))


def needs_first() -> Exists:
    """Of grants: whether evidence that must come before the first use is not accepted yet."""
    first = Evidence.objects.filter(grant=OuterRef("pk"), code__in=FIRST)
    return Exists(first.exclude(state=EvidenceState.ACCEPTED))


def owes_late() -> Exists:
    """Of grants: whether their holder owes evidence that is overdue, of any grant of theirs in the same programme.

    Often of an access that is over: so it stops everything new of theirs. Once it is given it does not.
    """
    late = Evidence.objects.filter(
        grant__researcher=OuterRef("researcher"),
        programme=OuterRef("programme"),
        state=EvidenceState.OWED,
        due_at__lte=timezone.now(),
    )
    return Exists(late.exclude(code__in=FIRST))


def why_nothing_new(grant: Grant) -> str:
    """The sentence of why evidence that is missing stops new use under the grant, or nothing."""
    this = Grant.objects.filter(pk=grant.pk)
    if this.filter(needs_first()).exists():
        return _("Evidence must be accepted before the first use. The agreement's page says which.")
    if this.filter(owes_late()).exists():
        return _("Evidence that you owe is overdue, so nothing new can begin. Your inbox says which.")
    return ""
