"""Consent's own duties in a withdrawal: every object gone from every zone, the person told, the person erased."""

from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from consent.models import Donor, Person, Unsigned, Withdrawal
from consent.queries import may_contact, withdrawal_key
from consent.queries.accounts import persons_who_left, persons_who_stay, why_account_stays
from consent.rules.duties import Proof
from consent.rules.withdrawing import LEAVING
from consent.work.evidence import lock_away
from consent.work.writing import write_to
from core.accounts.models import ApiToken, Membership, User
from core.accounts.roles import Role
from core.actors import Actor
from core.audit.record import record
from core.audit.tasks import FORGET
from core.due.queue import ask
from core.mail.models import WaitingMail
from core.mail.work import refused_for_good
from core.notifications.models import NewsChoice, Notice
from core.notifications.work import email
from core.storage.work import erase_donor
from core.texts import gettext_noop as _

#: For so long a mail server that does not take the last message is tried.
MAIL_TRIED = timedelta(hours=24)


def erase_objects(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """Whatever the other duties left: every object of the donor, in every zone, is erased and seen to be gone."""
    return erase_donor(donor_id, by=by, why="withdrawal")


def age_backups(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """From which day no safety copy of the registry holds what was erased: the certificate names it."""
    return _aged()


def _aged() -> Proof:
    last = timezone.now() + timedelta(days=settings.BACKUP_DAYS)
    return {"backups_until": f"{last:%Y-%m-%d}"}


def tell(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """Tells the donor that what we had is deleted; by e-mail too, unless they want none."""
    person = Person.objects.filter(donor_id=donor_id).first()
    if person is None:
        return {"told": 0}
    notice = write_to(
        person.user_id,
        donor_id,
        title=_("Your scans are deleted"),
        body=_("You can read what was done, when, and what is still to come, on your withdrawal's page."),
        link=_address(withdrawal_id),
        dedupe=f"withdrawal:{withdrawal_id}",
    )
    return {"told": 1, **_emailed(notice)} if may_contact(donor_id) else {"told": 1, "quiet": 1}


def announce(withdrawal: Withdrawal) -> None:
    """Tells a donor who is still there, and ended their consent, that their certificate is ready."""
    person = Person.objects.filter(donor_id=withdrawal.donor_id).first()
    if person is not None and withdrawal.kind in LEAVING:
        write_to(
            person.user_id,
            withdrawal.donor_id,
            title=_("Your withdrawal is complete"),
            body=_("Every step is done. Your certificate lists each of them, with its proof."),
            link=f"/withdrawals/{withdrawal.pk}/certificate/",
            dedupe=f"withdrawal:{withdrawal.pk}:complete",
        )


def be_quiet(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """Notes that the registry writes to the donor no more, where every message asks; or that they lifted it since."""
    return {"lifted": 1} if may_contact(donor_id) else {"quiet": 1}


def _address(withdrawal_id: UUID) -> str:
    """The withdrawal's page; with its key where the account goes, for nobody can sign in to read it then."""
    page = f"/withdrawals/{withdrawal_id}/"
    is_erasing = Withdrawal.objects.filter(pk=withdrawal_id, kind="erase").exists()
    return f"{page}?key={withdrawal_key(withdrawal_id)}" if is_erasing else page


def _emailed(notice: Notice) -> Proof:
    """Sends it at once, for an address that is to be erased is gone a moment later.

    An address that takes no mail, or a server that has taken none for a day, does not hold up the erasure that the
    donor asked for: then the record says so.
    """
    try:
        email(notice.pk)
    except OSError as error:  # SMTPException is one
        if isinstance(error, SMTPRecipientsRefused) and refused_for_good(error):
            return {"emailed": 0}
        if timezone.now() - notice.created_at < MAIL_TRIED:
            raise
        return {"undelivered": 1}
    return {"emailed": 1}


def erase_person(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """Ends the donor's role; where they asked for it, erases who they were, and an account that serves nothing else.

    Whom the account was before, and has withdrawn as, goes too; backups hold all of it for as long as from now on.
    """
    donor = Donor.objects.get(pk=donor_id)
    kind = Withdrawal.objects.get(pk=withdrawal_id).kind
    person = Person.objects.filter(donor=donor).first()
    if person is None:
        return {"person": "erased"}
    with transaction.atomic():
        _end_donor_role(person, by)
        if kind != "erase":
            return {"person": "kept"}
        user = User.objects.get(pk=person.user_id)
        persons = list(persons_who_left(user.pk).select_related("donor"))
        untils = [until for each in persons if (until := _erase_one(each, by))]
        Unsigned.objects.filter(user=user).delete()
        account = why_account_stays(user.pk, but=donor.pk) or _erase_account(user)
        # In the log nobody can tell any more which entries were about them; that they withdrew stays provable.
        for subject_id in [*(each.donor_id for each in persons), *([user.pk] if account == "erased" else [])]:
            ask(FORGET, subject_id)
        kept = {"identity_until": max(untils).isoformat()} if untils else {}
        return {"person": "erased", "account": account, **kept, **_aged()}


def _erase_one(person: Person, by: Actor) -> date | None:
    """Erases whom the account was as one donor; returns until when it lies locked away."""
    _end_donor_role(person, by)
    until = lock_away(person, by=by)
    Person.objects.filter(pk=person.pk).delete()
    record("person.erased", person.donor, by=by)
    return until


def _end_donor_role(person: Person, by: Actor) -> None:
    """Unless they are a donor of the same programme again."""
    user_id, programme_id = person.user_id, person.donor.programme_id
    if persons_who_stay(user_id, but=person.donor_id).filter(donor__programme_id=programme_id).exists():
        return
    for held in Membership.objects.filter(user_id=user_id, programme_id=programme_id, role=Role.DONOR, until=None):
        if Membership.objects.filter(pk=held.pk, until=None).update(until=timezone.now()):
            record("role.ended", held, by=by, data={"role": held.role, "user": user_id})


def _forget_sessions(user: User) -> None:
    """Whatever they said on the way to signing, in whichever browser."""
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


def _erase_account(user: User) -> str:
    """Empties an account that serves nothing else; its row stays, because events name its id."""
    _forget_sessions(user)
    WaitingMail.objects.filter(to__iexact=user.email).delete()
    EmailAddress.objects.filter(user=user).delete()
    ApiToken.objects.filter(user=user).delete()
    Notice.objects.filter(user=user).delete()
    NewsChoice.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.email, user.display_name, user.is_active = f"{user.pk}@erased.invalid", "", False
    user.save()
    return "erased"
