"""Hospitals that were asked to send: the donor's own, and what a code or a worker leads to."""

from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from consent import queries as consent
from core.accounts.queries import Reader
from core.canonical import sha256_hex
from registry.models import Invitation
from registry.queries.donations import donations_of
from registry.rules.lifecycle import UNSENT, InvitationState


def invitations_of(user: Reader) -> QuerySet[Invitation]:
    """All invitations into the user's own donations, each with how many `arrived`, in the order of their numbers."""
    mine = Invitation.objects.filter(donation__in=donations_of(user).values("pk"))
    return mine.select_related("donation").annotate(arrived=Count("files")).order_by("donation", "number")


def open_invitations(donation_id: UUID) -> QuerySet[Invitation]:
    """Those of a donation that were not ended, also when their time is over."""
    return Invitation.objects.filter(donation_id=donation_id, state=InvitationState.OPEN)


def invitation_by_code(code: str) -> Invitation | None:
    """The one that a code was made for, whatever became of it."""
    return Invitation.objects.select_related("donation__programme").filter(digest=sha256_hex(code)).first()


def taking(invitation_id: UUID) -> Invitation | None:
    """The invitation, where files may be sent by it at this moment."""
    lasting = Invitation.objects.filter(pk=invitation_id, state=InvitationState.OPEN, expires_at__gt=timezone.now())
    found = lasting.filter(donation__state__in=UNSENT).select_related("donation__programme").first()
    return found if found is not None and consent.may_give_new(found.donation.donor_id) else None
