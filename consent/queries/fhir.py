"""A donor's own consent as a FHIR resource."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from consent.models import ConsentEvent, CurrentConsent
from consent.queries.diseases import diseases
from consent.queries.donors import donors_of
from consent.queries.renewal import renewal_of
from consent.queries.standing import RENEWAL, WITHDRAWN, lapsed, why_rests
from consent.rules.fhir import ConsentFacts, consent_resource
from consent.rules.fhir_checks import problems
from consent.rules.grammar import parse
from core.accounts.queries import Reader
from core.canonical import loads
from core.errors import Missing


def fhir_consent(user: Reader, donor_id: UUID) -> dict[str, Any]:
    """The reader's own consent as a FHIR R4 Consent; raises Missing for a donor that the reader is not."""
    consent = (
        CurrentConsent.objects.select_related("donor__programme", "terms")
        .filter(donor__in=donors_of(user), donor_id=donor_id)
        .first()
    )
    if consent is None:
        raise Missing("There is no such donor here.")
    resource = consent_resource(_facts(consent), diseases())
    if found := problems(resource):
        raise ValueError(f"not a FHIR Consent: {found[0]}")
    return resource


def _facts(consent: CurrentConsent) -> ConsentFacts:
    programme, why = consent.donor.programme, why_rests(consent)
    begun = _begun(consent)
    signature = begun.signature
    return ConsentFacts(
        consent_id=consent.pk,
        donor_id=consent.donor_id,
        programme=programme.name,
        origin=settings.ORIGIN,
        form=f"{settings.ORIGIN}{reverse('consent:about', args=[programme.slug])}",
        language=_language(signature.language if signature else "en-gb"),
        terms=parse(loads(consent.terms.canonical)),
        since=begun.effective_at,
        until=_until(consent, why),
        rests=bool(why),
    )


def _until(consent: CurrentConsent, why: str) -> datetime | None:
    if why == WITHDRAWN:
        return consent.since
    renewal = renewal_of(consent.donor_id) if why == RENEWAL else None
    return renewal.by if renewal else None


def _begun(consent: CurrentConsent) -> ConsentEvent:
    """The event from which the terms hold that hold now, or that held to the end, without a break.

    Signing the same again is no break, unless the consent had come to rest before because of a changed form.
    """
    told = ConsentEvent.objects.filter(donor_id=consent.donor_id).exclude(terms=None).select_related("signature")
    first, *later = told.order_by("effective_at", "id")
    begun, signed_on = first, _version_of(first)
    for event in later:
        lay = signed_on in lapsed(consent.programme_id, event.effective_at)
        begun = event if event.terms_id != begun.terms_id or lay else begun
        signed_on = _version_of(event) or signed_on
    return begun


def _version_of(event: ConsentEvent) -> UUID | None:
    return event.signature.form_version_id if event.signature else None


def _language(code: str) -> str:
    """A language as BCP 47 writes it: `en-gb` is en-GB."""
    language, dash, region = code.partition("-")
    return language + dash + region.upper()
