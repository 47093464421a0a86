"""A donor asks a hospital to send images into one donation of theirs, without an account; and ends it again."""

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.audit.record import record
from core.canonical import sha256_hex
from core.errors import Conflict
from core.texts import gettext_noop as _
from registry.actions.entering import hold_open, require_open
from registry.models import Donation, Invitation
from registry.permissions import require_donor
from registry.queries.invitations import open_invitations
from registry.rules.invitations import LASTS, MOST, new_code
from registry.work.inviting import end_invitations

TOO_MANY = _("You have asked many hospitals for this donation already. End one of the letters first.")


def invite(*, donation: Donation, by: Actor) -> tuple[Invitation, str]:
    """The row of a new invitation, and its code, which is kept nowhere.

    Raises Missing for another's donation, Conflict for one that takes no more images or has MOST open already.
    """
    require_donor(by, donation.donor_id)
    require_open(donation, by)
    code, now = new_code(), timezone.now()
    with transaction.atomic():
        hold_open(donation)
        if open_invitations(donation.pk).filter(expires_at__gt=now).count() >= MOST:
            raise Conflict(TOO_MANY, "too_many")
        invitation = Invitation.objects.create(
            donation=donation,
            programme_id=donation.programme_id,
            number=Invitation.objects.filter(donation=donation).count() + 1,
            digest=sha256_hex(code),
            made_at=now,
            expires_at=now + LASTS,
        )
        record("invitation.made", invitation, by=by, data={"donation": donation.pk, "number": invitation.number})
    return invitation, code


def end_invitation(*, invitation: Invitation, by: Actor) -> None:
    """Ends an invitation at once; what came by it stays. Twice changes nothing. Raises Missing for another's."""
    require_donor(by, invitation.donation.donor_id)
    end_invitations(Invitation.objects.filter(pk=invitation.pk), by=by, why="donor")
