"""A donor's consent as a FHIR R4 Consent resource: everything is denied, but for what the donor chose to allow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from consent.rules.diseases import DiseaseTree
from consent.rules.grammar import Alternative, Modifier, Terms
from consent.rules.vocabulary import LOCAL, LOCAL_BASE, TERMS

DUO: Final = "http://purl.obolibrary.org/obo/duo.owl"
MONDO: Final = "http://purl.obolibrary.org/obo/mondo.owl"
OBO: Final = "http://purl.obolibrary.org/obo/"
LOCAL_CODES: Final = LOCAL_BASE.rstrip("/")
#: On a code: what the code's value is, such as a country of GS.
VALUE: Final = f"{LOCAL_BASE}fhir/value"
#: On a permit: all of its purposes hold together. By FHIR, who does not know this must not use the permit.
ALL_HOLD: Final = f"{LOCAL_BASE}fhir/purposes-hold-together"
_CONTENT: Final = {"system": "http://hl7.org/fhir/resource-types", "code": "ImagingStudy", "display": "ImagingStudy"}
_SCOPE: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/consentscope",
    "code": "research",
    "display": "Research",
}
_CATEGORY: Final = {"system": "http://loinc.org", "code": "59284-0", "display": "Patient Consent"}


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """What is known of a donor's consent.

    `since`: from when these terms hold without a break. `until`: when it was withdrawn, or began to rest; None while
    nothing has ended it. `rests`: nothing may be done under it now, though it is in force.
    """

    consent_id: UUID
    donor_id: UUID
    programme: str
    origin: str
    form: str
    language: str
    terms: Terms
    since: datetime
    until: datetime | None = None
    rests: bool = False


def consent_resource(facts: ConsentFacts, diseases: DiseaseTree) -> dict[str, Any]:
    """The resource as JSON. It names the donor by their number only.

    Its root denies, so that who reads no further shares nothing; R4 would leave that to a policy that no file carries.
    """
    donor = {"type": "Patient", "identifier": {"system": f"{facts.origin}/donors", "value": str(facts.donor_id)}}
    return {
        "resourceType": "Consent",
        "id": str(facts.consent_id),
        "meta": {"lastUpdated": (facts.until or facts.since).isoformat()},
        "language": facts.language,
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{facts.consent_id}"}],
        "status": "inactive" if facts.until or facts.rests else "active",
        "scope": {"coding": [_SCOPE]},
        "category": [{"coding": [_CATEGORY]}],
        "patient": donor,
        "dateTime": facts.since.isoformat(),
        "performer": [donor],
        "organization": [{"type": "Organization", "display": facts.programme}],
        "policy": [{"authority": facts.origin, "uri": facts.form}],
        "provision": _without_empty({"type": "deny", "provision": list(_permits(facts, diseases))}),
    }


def _permits(facts: ConsentFacts, diseases: DiseaseTree) -> Iterator[dict[str, Any]]:
    """A permit for each choice; one whose time was over before it began has never permitted anything.

    Nor does one that rests, where no day is known on which it began to: who reads no status must not share.
    """
    if facts.rests and facts.until is None:
        return
    for alternative in facts.terms.alternatives:
        end = _end(alternative, facts.until)
        if end is None or _day(end) >= facts.since.date():
            yield _permit(alternative, facts.since, end, diseases)


def _permit(
    alternative: Alternative, since: datetime, end: date | datetime | None, diseases: DiseaseTree
) -> dict[str, Any]:
    purposes = [_coding(alternative.permission)]
    purposes += [_disease(disease, diseases) for disease in alternative.diseases]
    purposes += [_modifier(modifier) for modifier in alternative.modifiers]
    together = [{"url": ALL_HOLD, "valueBoolean": True}] if len(purposes) > 1 else []
    period = {"start": since.isoformat(), "end": end.isoformat() if end else None}
    return _without_empty(
        {
            "modifierExtension": together,
            "type": "permit",
            "period": _without_empty(period),
            "purpose": purposes,
            "class": [_CONTENT],
        }
    )


def _end(alternative: Alternative, until: datetime | None) -> date | datetime | None:
    """When the permit ends: at the withdrawal, or after the last day of a time limit, whichever comes first."""
    limits = [modifier.value for modifier in alternative.modifiers if modifier.code == "TS"]
    days = [date.fromisoformat(value) for value in limits if isinstance(value, str)]
    first = min(days, default=None)
    if until is None or first is None:
        return until or first
    return first if first < until.date() else until


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _coding(code: str) -> dict[str, Any]:
    term = TERMS[code]
    local = code in LOCAL
    return {"system": LOCAL_CODES if local else DUO, "code": code if local else term.id, "display": term.label}


def _disease(disease: str, diseases: DiseaseTree) -> dict[str, Any]:
    ontology = disease.partition(":")[0]
    system = MONDO if ontology == "MONDO" else f"{OBO}{ontology.lower()}.owl"
    label = diseases.labels.get(disease)
    return _without_empty({"system": system, "code": disease, "display": label})


def _modifier(modifier: Modifier) -> dict[str, Any]:
    values = modifier.value if isinstance(modifier.value, tuple) else (modifier.value,)
    said = [_value(value) for value in values if value is not None]
    return _without_empty({"extension": said, **_coding(modifier.code)})


def _value(value: str | int) -> dict[str, Any]:
    if isinstance(value, int):
        months = {"value": value, "unit": "months", "system": "http://unitsofmeasure.org", "code": "mo"}
        return {"url": VALUE, "valueDuration": months}
    return {"url": VALUE, "valueString": value}


def _without_empty(value: dict[str, Any]) -> dict[str, Any]:
    """FHIR has no empty lists, objects or texts, and no null: what is not there is left out."""
    return {key: item for key, item in value.items() if item not in (None, [], {}, "")}
