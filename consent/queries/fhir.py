"""A donor's own consent as a FHIR resource."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from consent.models import ConsentEvent, CurrentConsent
from consent.queries.diseases import diseases
from consent.queries.donors import donors_of
from consent.rules.fhir import ConsentFacts, consent_resource
from consent.rules.fhir_checks import problems
from consent.rules.grammar import parse
from consent.rules.lifecycle import ConsentState
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
    programme = consent.donor.programme
    ended = consent.state == ConsentState.WITHDRAWN
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
        until=consent.since if ended else None,
    )


def _begun(consent: CurrentConsent) -> ConsentEvent:
    """The event that put the terms into force which hold now, or which held to the end."""
    named = ConsentEvent.objects.filter(donor_id=consent.donor_id, terms_id=consent.terms_id)
    return named.select_related("signature").latest("effective_at", "id")


def _language(code: str) -> str:
    """A language as BCP 47 writes it: `en-gb` is en-GB."""
    language, dash, region = code.partition("-")
    return language + dash + region.upper()
