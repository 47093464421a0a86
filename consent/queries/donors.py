"""Donors as their readers may see them, what they consent to now, and (for the door and workers) who they are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from consent.models import ConsentEvent, CurrentConsent, Donor, Person, Signature
from consent.queries.spoken import spoken
from consent.rules.grammar import Terms, parse
from consent.rules.lifecycle import ConsentState
from core.accounts.queries import Reader, key_of, programmes
from core.accounts.roles import Role
from core.canonical import loads


@dataclass(frozen=True)
class Identity:
    """Who a donor is, for comparing with what a file says and for their own letters; never stored or logged."""

    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    previous_names: tuple[str, ...] = field(repr=False)
    birth_date: date = field(repr=False)

    @property
    def initials(self) -> str:
        """The first letters of both names, for a page that others see who know the name already."""
        return " ".join(f"{name.strip()[0]}." for name in (self.given_name, self.family_name) if name.strip())


def donors_of(user: Reader) -> QuerySet[Donor]:
    """The donors that `user` is, one per programme and per time of joining, newest first."""
    return Donor.objects.filter(person__user_id=key_of(user)).order_by("-id")


def accounts_of(donor_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """By donor: the key of the account that a message goes to; who was erased has none. For workers that tell."""
    return dict(Person.objects.filter(donor_id__in=list(donor_ids)).values_list("donor_id", "user_id"))


def donors_behind(user_id: UUID) -> QuerySet[Donor]:
    """Every donor that one account is, for workers that tell."""
    return Donor.objects.filter(person__user_id=user_id)


def donor_of(user: Reader, programme_id: UUID) -> Donor | None:
    """The donor that `user` is in the programme now: the one whose consent is active, else the newest."""
    mine = donors_of(user).filter(programme_id=programme_id)
    return mine.filter(consent__state=ConsentState.ACTIVE).first() or mine.first()


def donors_watched(user: Reader) -> QuerySet[Donor]:
    """The donors of the programmes that `user` stewards or audits; nothing here says who they are."""
    return Donor.objects.filter(programme__in=programmes(user, Role.STEWARD, Role.AUDITOR))


def active(programme_id: UUID) -> QuerySet[Donor]:
    """Donors of the programme whose consent is in force: what they gave is kept. For any use ask `usable`."""
    return Donor.objects.filter(programme_id=programme_id, consent__state=ConsentState.ACTIVE)


def current(donor_id: UUID) -> CurrentConsent | None:
    """What holds for this donor now, or None when nothing was ever signed."""
    return CurrentConsent.objects.select_related("terms").filter(donor_id=donor_id).first()


def may_donate(donor_id: UUID) -> bool:
    """Whether images may be taken from, and worked on for, this donor now."""
    return CurrentConsent.objects.filter(donor_id=donor_id, state=ConsentState.ACTIVE).exists()


def identity_of(donor_id: UUID) -> Identity | None:
    """Who the donor is, or None once that was erased. For the door and for workers, and for their own letters."""
    person = Person.objects.filter(donor_id=donor_id).first()
    if person is None:
        return None
    names = tuple(str(name) for name in person.previous_names)
    return Identity(person.given_name, person.family_name, names, person.birth_date)


def consent_sentences(donor_id: UUID) -> tuple[list[str], list[str]]:
    """What the donor's gift can and cannot be used for now, in the reader's language, by the terms that are matched."""
    consent = current(donor_id)
    if consent is None or consent.state != ConsentState.ACTIVE:
        return [], []
    return spoken(parse(loads(consent.terms.canonical)))


def signatures_of(user: Reader) -> QuerySet[Signature]:
    """The user's own signatures, newest first."""
    mine = Signature.objects.filter(donor__person__user_id=key_of(user))
    return mine.select_related("form_version__form__programme", "donor__person").order_by("-id")


def signed_terms(signature: Signature) -> Terms | None:
    """The terms that a signature put into force; None only where its event is missing."""
    event = ConsentEvent.objects.filter(signature=signature).select_related("terms").first()
    return parse(loads(event.terms.canonical)) if event is not None and event.terms is not None else None


def history(donor_id: UUID) -> QuerySet[ConsentEvent]:
    """The events of one donor's consent, oldest first."""
    return ConsentEvent.objects.filter(donor_id=donor_id).select_related("terms").order_by("id")
