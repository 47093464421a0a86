"""Ends what hospitals were asked for: when their donation ends, when its time is over, when its donor is erased."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.actors import Actor, SystemActor
from core.lifecycle import move_all
from registry.models import Invitation
from registry.rules.lifecycle import InvitationState

CLOCK = SystemActor("clock")
MOST = 500


@transaction.atomic
def end_invitations(invitations: QuerySet[Invitation], *, by: Actor, why: str) -> int:
    """Ends those that are open still; returns how many."""
    still = list(invitations.filter(state=InvitationState.OPEN).order_by("pk").select_for_update(of=("self",)))
    move_all(still, InvitationState.ENDED, by=by, why=why, closed_at=timezone.now())
    return len(still)


def end_overdue() -> int:
    """The sweep: ends those whose time is over; returns how many."""
    over = Invitation.objects.filter(state=InvitationState.OPEN, expires_at__lte=timezone.now())
    some = list(over.values_list("pk", flat=True)[:MOST])
    return end_invitations(Invitation.objects.filter(pk__in=some), by=CLOCK, why="expired")


def forget_invitations(donor_id: UUID) -> None:
    """Forgets all that a donor asked hospitals for."""
    Invitation.objects.filter(donation__donor_id=donor_id).delete()
