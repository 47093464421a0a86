"""A donor's deeds with a donation: begin one, answer its question, send it off, take it back."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from consent import queries as consent
from core.actors import Actor
from core.audit.record import record
from core.due.queue import ask
from core.errors import Conflict
from core.lifecycle import hold, move
from core.texts import gettext_noop as _
from registry import tasks
from registry.models import DonatedFile, Donation
from registry.permissions import require_donor
from registry.queries.receipts import files_sent
from registry.rules.lifecycle import UNSENT, DonationState, FileState
from registry.rules.receipt import root_of
from registry.signals import donation_submitted
from registry.work.sending import end_sending

NO_CONSENT = _(
    "Your consent is not in force, or you said that nothing new may be done, so we cannot take images. "
    "You can change that under My choices."
)
SENT = _("You have sent this donation already. To have your images deleted, withdraw: you find it under My choices.")
SEVERAL = _(
    "These images carry the names of more than one person, so they cannot all be yours. Add yours by themselves."
)


def start_donation(*, donor: Any, by: Actor) -> Donation:
    """The donor's open donation, begun now if there is none: beginning twice gives the same one.

    `donor` is a consent Donor. Raises Conflict when no consent is in force.
    """
    require_donor(by, donor.pk)
    if not consent.may_give_new(donor.pk):
        raise Conflict(NO_CONSENT, "no_consent")
    try:
        with transaction.atomic():
            donation = Donation.objects.create(donor_id=donor.pk, programme_id=donor.programme_id)
            record("donation.started", donation, by=by)
            return donation
    except IntegrityError:
        return Donation.objects.get(donor_id=donor.pk, state__in=UNSENT)


def answer_identity(*, donation: Donation, mine: bool, by: Actor) -> None:
    """The donor's answer to 'whose are these?': theirs under another name, or not, which removes and erases them.

    Answering twice changes nothing. Raises Conflict where the files name several people: they can't all be the donor's.
    """
    require_donor(by, donation.donor_id)
    with transaction.atomic():
        hold(donation)
        if donation.state == DonationState.OPEN:
            return
        held = list(DonatedFile.objects.filter(donation=donation, state=FileState.HELD))
        if mine and len({file.person_key for file in held}) > 1:
            raise Conflict(SEVERAL, "several_people")
        move(donation, DonationState.OPEN, by=by, why="mine" if mine else "not_mine", question="")
        for file in held:
            move(file, FileState.RECEIVED, by=by, why="mine") if mine else remove(file, by, "not_mine")
        record("donation.answered", donation, by=by, data={"mine": mine, "files": len(held)})
        if not mine:
            ask(tasks.ERASE_REMOVED, donation.pk)


def submit_donation(*, donation: Donation, by: Actor) -> None:
    """Sends the donation off to be cleaned; sending twice changes nothing.

    Raises Conflict with what to do first: no files yet, an open question, no consent in force.
    """
    require_donor(by, donation.donor_id)
    with transaction.atomic():
        hold(donation)
        if donation.state in (DonationState.SUBMITTED, DonationState.SETTLED):
            return
        if donation.state == DonationState.STOPPED:
            raise Conflict("Please answer our question about these images first.", "question")
        if not consent.may_give_new(donation.donor_id):
            raise Conflict(NO_CONSENT, "no_consent")
        if not DonatedFile.objects.filter(donation=donation, state=FileState.RECEIVED).exists():
            raise Conflict("Add at least one image before you send your donation.", "empty")
        end_sending(donation.pk, by=by, why="sent")
        sent = files_sent(donation)
        root = root_of(sent)
        move(donation, DonationState.SUBMITTED, by=by, submitted_at=timezone.now(), root=root)
        record("donation.receipt", donation, by=by, data={"root": root, "files": len(sent)})
        donation_submitted.send(sender=Donation, donation_id=donation.pk)


def abandon_donation(*, donation: Donation, by: Actor) -> None:
    """Takes an unsent donation back: its files are removed and erased. Doing it twice changes nothing.

    Raises Conflict with what to do instead once it was sent.
    """
    require_donor(by, donation.donor_id)
    with transaction.atomic():
        hold(donation)
        if donation.state == DonationState.ABANDONED:
            return
        if not donation.is_unsent:
            raise Conflict(SENT, "sent")
        move(donation, DonationState.ABANDONED, by=by, question="")
        end_sending(donation.pk, by=by, why="taken_back")
        for file in DonatedFile.objects.filter(donation=donation).exclude(state=FileState.REMOVED):
            remove(file, by, "taken_back")
        ask(tasks.ERASE_REMOVED, donation.pk)


def remove(file: DonatedFile, by: Actor, why: str) -> None:
    """Marks a file as removed, with what tells about its person; a worker erases its bytes."""
    move(file, FileState.REMOVED, by=by, why=why, person_key="", study_key="")
