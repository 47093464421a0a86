"""Changing one's choices: a new signature, a new event, and new terms from the same moment."""

from django.db import transaction

from consent.actions.logging import tie
from consent.actions.signing import NOTHING_TO_SIGN, Choices, add_event, add_signature, facts, require_offered
from consent.actions.telling import tell_of_receipt
from consent.models import CurrentConsent, Donor, FormVersion, Person, Signature, Unsigned
from consent.permissions import require_self
from consent.queries import published_form, renewal_of
from consent.queries.renewal import RENEWAL
from consent.rules.events import EventKind
from consent.rules.form_content import choices_of
from consent.rules.forms import terms_from_choices
from consent.rules.lifecycle import ConsentState
from consent.rules.person import check_typed_name
from consent.signals import changed
from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict


def change_choices(
    *,
    donor: Donor,
    choices: Choices,
    typed_name: str,
    by: Actor,
    version: FormVersion | None = None,
    language: str = "",
) -> Signature:
    """Replaces what the donor's gift may be used for, from now on; it also renews a consent that is due again.

    `version` and `language` are those that the page showed: raises Conflict when the version is no longer offered.
    Raises Invalid for incomplete choices or another name, and Conflict after withdrawal.
    """
    require_self(by, donor)
    version = version or published_form(donor.programme_id)
    if version is None:
        raise Conflict(NOTHING_TO_SIGN)
    if version.form.programme_id != donor.programme_id:
        raise Conflict("This form belongs to another programme.")
    terms = terms_from_choices(choices_of(version.content), choices)
    person = Person.objects.get(donor=donor)
    check_typed_name(typed_name, person.given_name, person.family_name)
    with transaction.atomic():
        require_offered(version)
        meaning = RENEWAL if renewal_of(donor.pk) else "change"
        signature = add_signature(donor, person, version, choices, typed_name, meaning=meaning, language=language)
        event = add_event(donor, EventKind.CHANGED, terms, signature, by)
        moved = CurrentConsent.objects.filter(donor=donor, state=ConsentState.ACTIVE).update(
            terms_id=event.terms_id, event=event, since=event.effective_at, signed_on=version
        )
        if not moved:
            raise Conflict("You have withdrawn, so there are no choices to change. You can join again.", "withdrawn")
        Unsigned.objects.filter(about=donor.pk).delete()
        tie(
            record("consent.changed", donor, by=by, data={**facts(signature, terms), "meaning": meaning}),
            signature=signature,
        )
        tell_of_receipt(person, signature)
        changed.send(sender=Donor, donor_id=donor.pk, programme_id=donor.programme_id)
    return signature
