"""Taking back a limit: news by one click, new uses by a new signature, because that gives something again."""

from django.db import transaction
from django.utils import timezone

from consent.actions.logging import tie
from consent.actions.signing import add_event, add_signature, facts
from consent.actions.telling import tell_of_receipt
from consent.models import CurrentConsent, Donor, Person, Signature
from consent.permissions import require_self
from consent.rules.events import EventKind
from consent.rules.grammar import parse
from consent.rules.lifecycle import ConsentState
from consent.rules.person import check_typed_name
from core.actors import Actor
from core.audit.record import record
from core.canonical import loads
from core.errors import Conflict


def allow_contact(*, donor: Donor, by: Actor) -> None:
    """The registry may write to the donor again. Twice changes nothing."""
    require_self(by, donor)
    with transaction.atomic():
        quiet = CurrentConsent.objects.filter(donor=donor).exclude(no_contact_since=None)
        if quiet.update(no_contact_since=None):
            record("consent.contact_allowed", donor, by=by)


def allow_new(*, donor: Donor, typed_name: str, by: Actor) -> Signature:
    """New versions and projects may have the donor's images again, under the choices that hold.

    Raises Invalid for another name, Conflict where nothing was limited.
    """
    require_self(by, donor)
    person = Person.objects.get(donor=donor)
    check_typed_name(typed_name, person.given_name, person.family_name)
    with transaction.atomic():
        limited = CurrentConsent.objects.filter(donor=donor, state=ConsentState.ACTIVE).exclude(nothing_new_since=None)
        consent = limited.select_related("terms").first()
        newest = donor.signatures.select_related("form_version").first()
        if consent is None or newest is None:
            raise Conflict("New uses are allowed already.", "unlimited")
        terms = parse(loads(consent.terms.canonical))
        signature = add_signature(donor, person, newest.form_version, newest.choices, typed_name, meaning="resume")
        event = add_event(donor, EventKind.CHANGED, terms, signature, by)
        if not limited.update(nothing_new_since=None, event=event, since=timezone.now()):
            raise Conflict("New uses are allowed already.", "unlimited")
        tie(record("consent.new_allowed", donor, by=by, data=facts(signature, terms)), signature=signature)
        tell_of_receipt(person, signature)
    return signature
