"""What whoever has a code out of a donor's letter can do: open it, send files, say that everything was sent.

They learn nothing of what else the donor has given. So a file that was here before, or carries another name and waits
for the donor's answer, counts as received, and a limit that is reached is said in the same words whosever it is.
"""

from dataclasses import replace
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consent import queries as consent
from core.audit.record import record
from core.errors import Conflict, Gone, Invalid, Missing
from core.lifecycle import move
from core.notifications.send import notify
from core.texts import gettext_noop as _
from registry.actions.entering import SENTENCES, FileAnswer, Taken
from registry.actions.uploads import add_upload
from registry.models import DonatedFile, Invitation
from registry.queries.invitations import invitation_by_code, taking
from registry.rules.invitations import OVER, UNKNOWN, Invited, read_code
from registry.rules.lifecycle import InvitationState

NO_ROOM = _(
    "There is no room for more just now. What came in before is safe. Try again tomorrow, or give the images on a disc."
)
NOTHING_YET = _("Nothing has arrived yet. Add the images first.")
SENT = _("A hospital has sent images for you")


def open_invitation(*, code: str) -> Invitation:
    """The invitation of a code as somebody typed it; the donor sees when that was first done.

    Raises Missing for a code that no letter has, Gone for one that takes nothing more.
    """
    meant = read_code(code)
    known = invitation_by_code(meant) if meant else None
    if known is None:
        raise Missing(UNKNOWN, "unknown_code")
    found = open_now(known.pk)
    with transaction.atomic():
        if Invitation.objects.filter(pk=found.pk, opened_at=None).update(opened_at=timezone.now()):
            record("invitation.opened", found, by=_sender(found))
    return found


def open_now(invitation_id: UUID) -> Invitation:
    """An invitation whose code was typed before; raises Gone once it takes nothing more."""
    found = taking(invitation_id)
    if found is None:
        raise Gone(OVER, "over")
    return found


def add_sent(*, invitation: Invitation, stream: BinaryIO) -> list[FileAnswer]:
    """Takes one file or ZIP as `add_upload` does; the answers are what the sender may know. Raises Gone."""
    found = open_now(invitation.pk)
    try:
        answers = add_upload(donation=found.donation, stream=stream, by=_sender(found))
    except (Conflict, Missing):
        raise Gone(OVER, "over") from None  # the donor's reasons are no business of the sender's
    return [_told(answer) for answer in answers]


def finish_sending(*, invitation_id: UUID, sent_before: bool = False) -> None:
    """Everything was sent: the code takes nothing more, and the donor is told. Finishing twice is no error.

    `sent_before`: whoever asks was answered that a file of theirs was received, which may have been here already.
    Raises Invalid where nothing has come, Gone where it was ended otherwise.
    """
    if not sent_before and not DonatedFile.objects.filter(invitation_id=invitation_id).exists():
        raise Invalid(NOTHING_YET, "nothing_yet")
    try:
        with transaction.atomic():
            found = open_now(invitation_id)
            move(found, InvitationState.FINISHED, by=_sender(found), closed_at=timezone.now())
            _tell(found)
    except (Conflict, Gone):
        if not Invitation.objects.filter(pk=invitation_id, state=InvitationState.FINISHED).exists():
            raise Gone(OVER, "over") from None


def _sender(invitation: Invitation) -> Invited:
    return Invited(invitation.pk, invitation.donation_id)


def _told(answer: FileAnswer) -> FileAnswer:
    if answer.outcome in (Taken.HELD, Taken.DUPLICATE):
        return FileAnswer(Taken.RECEIVED, SENTENCES[Taken.RECEIVED])
    if answer.code.startswith("quota_"):
        return FileAnswer(Taken.REFUSED, NO_ROOM, code="no_room")
    return replace(answer, file=None, header=None)


def _tell(invitation: Invitation) -> None:
    accounts = consent.accounts_of([invitation.donation.donor_id])
    for user_id in accounts.values():
        link = f"/donations/{invitation.donation_id}/"
        notify(user_id=user_id, title=SENT, link=link, dedupe=f"invitation:{invitation.pk}")
