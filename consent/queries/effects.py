"""What consent itself foresees: who is told what, and what becomes of name and account."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consent.models import Donor, Person
from consent.queries.accounts import why_account_stays
from consent.rules.effects import Change, Effect, named
from consent.rules.withdrawing import WithdrawalKind
from core.design.formats import grouped


def foreseen(donor_id: UUID, change: Change) -> Iterator[Effect]:
    """The sentences, in the order in which they are read."""
    if change.kind == WithdrawalKind.NO_CONTACT:
        yield Effect(_("We send you no more e-mails and no more news. Everything else goes on as it is."))
        yield Effect(_("You can still sign in, look at everything, and change your mind."))
    if change.kind == WithdrawalKind.NOTHING_NEW:
        yield Effect(_("You can allow new uses again at any time, by signing again."))
    if change.kind == WithdrawalKind.NO_FURTHER_USE:
        yield Effect(_("You keep your account and your receipts, and you can see each step."))
    if change.kind == WithdrawalKind.ERASE:
        yield _account_goes_or_stays(donor_id)
        yield Effect(kept_words(donor_id), is_final=True)
    if change.ends:
        yield Effect(_("We keep the record that you signed and that you withdrew. It holds no name."))


def _account_goes_or_stays(donor_id: UUID) -> Effect:
    person = Person.objects.filter(donor_id=donor_id).first()
    why = why_account_stays(person.user_id, but=donor_id) if person else ""
    if why == "kept_donor":
        return Effect(_("Your account stays, because you are a donor with it still. You can still sign in."))
    if why == "kept_role":
        return Effect(_("Your account stays, because you have another role in Donara with it. You can still sign in."))
    return Effect(_("Your account is closed and emptied. You cannot sign in any more."), is_final=True)


def counted(sentence: Any, number: int, titles: Sequence[str] = (), *, is_final: bool = False) -> Effect:
    """A sentence with how many there are, and their titles where they are few.

    `sentence` is one of ngettext_lazy, by `number`, with %(n)s and, where there are titles, %(titles)s in it.
    """
    return Effect(sentence % {"number": number, "n": grouped(number), "titles": named(titles)}, is_final)


def kept_words(donor_id: UUID) -> str:
    """What becomes of the name and birth date of somebody who is erased, as the donor reads it."""
    days = Donor.objects.select_related("programme").get(pk=donor_id).programme.identity_kept_days
    if not days:
        return _("Your name and birth date are deleted at once.")
    said = ngettext(
        "Your name and birth date are locked away for %(days)s day, in case somebody asks whether you really signed. "
        "Then the key is destroyed, and nobody can read them again.",
        "Your name and birth date are locked away for %(days)s days, in case somebody asks whether you really signed. "
        "Then the key is destroyed, and nobody can read them again.",
        days,
    )
    return said % {"days": grouped(days)}
