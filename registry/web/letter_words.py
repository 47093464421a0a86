"""A letter to a hospital in words, and what became of the letters of a donation."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.queries import Identity
from registry.models import Donation, Invitation
from registry.rules.invitations import printed
from registry.rules.letter import DIRECTIONS, RIGHTS, Law, Way
from registry.rules.lifecycle import InvitationState
from registry.web.words import files


def letter_of(
    donation: Donation, person: Identity, said: dict[str, Any], invitation: Invitation | None, code: str
) -> dict[str, Any]:
    """What the letter shows, as a page and on paper; `said` is LetterForm's cleaned data."""
    law, programme = Law(said["law"]), donation.programme.name
    direction = gettext(DIRECTIONS[law]) % {"programme": programme} if DIRECTIONS[law] else ""
    return {
        "letter": said,
        "person": person,
        "programme": programme,
        "today": timezone.localdate(),
        "rights": [gettext(paragraph) for paragraph in RIGHTS[law]],
        "by_disc": Way.DISC in said["ways"],
        "invitation": invitation,
        "direction": direction,
        "code": printed(code),
        "address": f"{settings.ORIGIN}{reverse('registry:hospital')}",
    }


def letter_rows(invitations: Iterable[Invitation]) -> list[dict[str, Any]]:
    """Each letter with a code: its number, when it was made, and how far the hospital is."""
    return [_row(each) for each in invitations]


def _row(invitation: Invitation) -> dict[str, Any]:
    is_over = invitation.state == InvitationState.OPEN and invitation.expires_at <= timezone.now()
    arrived: int = getattr(invitation, "arrived", 0)
    return {
        "invitation": invitation,
        "arrived": files(arrived) if arrived else gettext("None yet"),
        "is_open": invitation.state == InvitationState.OPEN and not is_over,
        "words": _standing(invitation, is_over),
        "at": _since(invitation, is_over),
    }


def _standing(invitation: Invitation, is_over: bool) -> Any:
    if invitation.state == InvitationState.FINISHED:
        return _("The hospital has sent everything")
    if is_over or (invitation.closed_at and invitation.closed_at >= invitation.expires_at):
        return _("The time is over")
    if invitation.state == InvitationState.ENDED:
        return _("Ended")
    return _("The hospital has opened its page") if invitation.opened_at else _("The hospital has not opened it yet")


def _since(invitation: Invitation, is_over: bool) -> datetime | None:
    return invitation.expires_at if is_over else invitation.closed_at or invitation.opened_at
