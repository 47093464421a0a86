"""Signing: the choices become terms, and one transaction holds the signature, its event and what holds from now on."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone

from consent.actions.checks import note_check, own_check
from consent.actions.logging import tie
from consent.actions.telling import tell_of_receipt
from consent.models import ConsentEvent, CurrentConsent, Donor, FormVersion, Person, Signature, TermsRow, Unsigned
from consent.permissions import require_person
from consent.queries import donor_of, may_donate, published_form, withdrawal_under_way
from consent.rules.events import EventKind
from consent.rules.form_content import choices_of, content_digest, in_language, languages_of
from consent.rules.forms import terms_from_choices
from consent.rules.grammar import Terms
from consent.rules.lifecycle import FormVersionState
from consent.rules.person import check_person, check_typed_name, same
from consent.rules.terms import canonical, digest
from core.accounts.actions import join_as_donor
from core.accounts.checks import level
from core.accounts.models import User
from core.actors import Actor
from core.audit.record import record
from core.canonical import digest_of
from core.errors import Conflict
from core.texts import gettext_noop as _

Choices = Mapping[str, bool | None]
NOTHING_TO_SIGN: Final = _("This programme has no form that can be signed at the moment. Please try again later.")


def sign(
    *,
    user: User,
    version: FormVersion,
    choices: Choices,
    typed_name: str,
    given_name: str,
    family_name: str,
    birth_date: date,
    previous_names: Sequence[str] = (),
    language: str = "",
    by: Actor,
) -> Signature:
    """Signs a published version for oneself.

    Raises Invalid with a sentence per field (a name that does not match, a birth date to come, an open question) and
    Conflict when one has signed already or the version is no longer offered.
    """
    require_person(by, user)
    terms = terms_from_choices(choices_of(version.content), choices)
    check_person(given_name, family_name, birth_date, timezone.now().date())
    check_typed_name(typed_name, given_name, family_name)
    programme = version.form.programme
    with transaction.atomic():
        # Two forms posted at once: the second waits here and then finds the first (SQLite lets one writer in anyway).
        User.objects.select_for_update().get(pk=user.pk)
        require_offered(version)
        known = donor_of(user, programme.pk)
        if known is not None and may_donate(known.pk):
            raise Conflict("You have signed already. You can change your choices at any time.", "signed")
        if known is not None and withdrawal_under_way(known.pk):
            raise Conflict("Your withdrawal is still under way. You can join again once it is complete.", "withdrawing")
        join_as_donor(user=user, programme=programme, by=by)
        donor = Donor.objects.create(programme=programme)
        person = Person.objects.create(
            donor=donor,
            user=user,
            given_name=given_name.strip(),
            family_name=family_name.strip(),
            previous_names=[name.strip() for name in previous_names if name.strip()],
            birth_date=birth_date,
        )
        signature = add_signature(donor, person, version, choices, typed_name, meaning="consent", language=language)
        event = add_event(donor, EventKind.SIGNED, terms, signature, by)
        check = note_check(donor, own_check(user), by)
        CurrentConsent.objects.create(
            donor=donor,
            programme_id=programme.pk,
            terms=terms_row(terms),
            since=event.effective_at,
            event=event,
            signed_on=version,
            check_level=level(check.identity),
        )
        Unsigned.objects.filter(user=user, about=programme.pk).delete()
        tie(record("consent.signed", donor, by=by, data=facts(signature, terms)), signature=signature)
        tell_of_receipt(person, signature)
    return signature


def require_offered(version: FormVersion) -> None:
    """Raises Conflict unless this very version is offered now, and keeps it so until the transaction ends.

    Who publishes another at the same moment waits, or has been faster and is found here.
    """
    offered = FormVersion.objects.select_for_update(no_key=True).filter(pk=version.pk, state=FormVersionState.PUBLISHED)
    if not offered.exists():
        if published_form(version.form.programme_id) is None:
            raise Conflict(NOTHING_TO_SIGN, "retired")
        raise Conflict("This form has been replaced by a newer one. Please read the new one.", "retired")


def add_signature(
    donor: Donor,
    person: Person,
    version: FormVersion,
    choices: Choices,
    typed_name: str,
    *,
    meaning: str,
    language: str = "",
) -> Signature:
    """The evidence: what was shown, in which language, what was chosen, and a commitment to the name that was typed."""
    spoken = language if language in languages_of(version.content) else version.language
    chosen = {code: answer for code, answer in choices.items() if answer is not None}
    committed = hmac.new(bytes(person.salt), b"name\0" + same(typed_name).encode(), hashlib.sha256).hexdigest()
    return Signature.objects.create(
        donor=donor,
        form_version=version,
        language=spoken,
        text_sha256=content_digest(in_language(version.content, spoken)),
        choices=chosen,
        choices_sha256=digest_of(chosen),
        meaning=meaning,
        name_commitment=committed,
    )


def facts(signature: Signature, terms: Terms) -> dict[str, object]:
    """What the log commits to of a signature: the very text, choices and terms, by their digests, and all around it.

    Whatever a receipt shows is here, so that nobody can change it in a receipt without a trace.
    """
    version = signature.form_version
    return {
        "programme": version.form.programme.slug,
        "version": version.number,
        "language": signature.language,
        "signed_at": signature.signed_at.isoformat(),
        "form": signature.form_version_id,
        "terms": digest(terms),
        "signature": signature.pk,
        "text": signature.text_sha256,
        "choices": signature.choices_sha256,
        "name": signature.name_commitment,
    }


def add_event(
    donor: Donor, kind: EventKind, terms: Terms | None, signature: Signature | None, by: Actor
) -> ConsentEvent:
    """One more event of the donor's consent, in force from now."""
    now = timezone.now()
    row = terms_row(terms) if terms is not None else None
    return ConsentEvent.objects.create(
        donor=donor,
        kind=kind,
        terms=row,
        signature=signature,
        effective_at=now,
        recorded_at=now,
        recorded_by=by.actor_id,
    )


def terms_row(terms: Terms) -> TermsRow:
    """The row of these terms, made once per digest."""
    return TermsRow.objects.get_or_create(digest=digest(terms), defaults={"canonical": canonical(terms)})[0]
