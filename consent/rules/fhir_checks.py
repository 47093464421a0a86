"""What must hold of a FHIR R4 Consent and what validators of its shape let through: codes, periods, invariants."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from consent.rules.fhir import DUO
from consent.rules.vocabulary import code_of

STATUSES: Final = frozenset({"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"})
TYPES: Final = frozenset({"deny", "permit"})
SCOPES: Final = frozenset({"adr", "research", "patient-privacy", "treatment"})
REQUIRED: Final = ("status", "scope", "category", "patient", "dateTime", "provision")
#: What a root provision may have: anything else would make it deny less than everything.
_ROOT: Final = frozenset({"id", "extension", "type", "provision"})
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # BCP 47
_URI: Final = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"]+", re.IGNORECASE)
_PATIENT: Final = re.compile(r"(.+/)?Patient/[A-Za-z0-9\-.]{1,64}|#.+|urn:(uuid|oid):.+")
_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def problems(resource: dict[str, Any]) -> list[str]:
    """Every way in which a Consent is not what it must be, as sentences; none for a good one."""
    return [*_head(resource), *_provisions(resource.get("provision")), *_nothing_empty(resource, "Consent")]


def _head(resource: dict[str, Any]) -> Iterator[str]:
    if resource.get("resourceType") != "Consent":
        yield "The resource is not a Consent."
    for name in REQUIRED:
        if name not in resource:
            yield f"Consent.{name} is missing."
    if resource.get("status") not in STATUSES:
        yield f"Consent.status has no code {resource.get('status')!r}."
    if not _ID.fullmatch(str(resource.get("id", "0"))):
        yield "Consent.id is not an id."
    if not (resource.get("policy") or resource.get("policyRule")):
        yield "Consent has neither a policy nor a policyRule (ppc-1)."
    yield from _patient(resource.get("patient"))
    if _moment(resource.get("dateTime")) is None:
        yield "Consent.dateTime is not a moment."
    yield from _codes(resource)


def _codes(resource: dict[str, Any]) -> Iterator[str]:
    if not _LANGUAGE.fullmatch(str(resource.get("language", "en"))):
        yield "Consent.language is not a language."
    for policy in _objects(resource.get("policy")):
        if not _URI.fullmatch(str(policy.get("uri") or policy.get("authority"))):
            yield "Consent.policy has no address."
    for part in ("scope", *(["category"] if resource.get("category") else [])):
        concepts = resource.get(part)
        for concept in concepts if isinstance(concepts, list) else [concepts]:
            yield from _codings((concept or {}).get("coding"), f"Consent.{part}")
    for coding in _objects((resource.get("scope") or {}).get("coding")):
        if coding.get("code") not in SCOPES:
            yield "Consent.scope has no such code."


def _patient(patient: Any) -> Iterator[str]:
    """Whom it is about is a Patient (R4: Reference(Patient))."""
    said = patient if isinstance(patient, dict) else {}
    reference, kind = said.get("reference"), said.get("type", "Patient")
    if kind != "Patient" or (reference is not None and not _PATIENT.fullmatch(str(reference))):
        yield "Consent.patient is not a Patient."


def _provisions(root: Any) -> Iterator[str]:
    if not isinstance(root, dict) or root.get("type") != "deny":
        yield "The root provision does not deny."
        return
    if narrower := sorted(root.keys() - _ROOT):
        yield f"The root provision does not deny everything: it has a {narrower[0]}."
    permits = root.get("provision", [])
    if not isinstance(permits, list) or len(_objects(permits)) != len(permits):
        yield "The root provision's own provisions are not a list of objects."
        return
    for place, permit in enumerate(permits):
        yield from _permit(permit, f"Permit {place + 1}")


def _permit(permit: dict[str, Any], where: str) -> Iterator[str]:
    if permit.get("type") not in TYPES:
        yield f"{where} is of no type that there is: {permit.get('type')!r}."
    elif permit["type"] != "permit":
        yield f"{where} does not permit."
    if "code" in permit:
        yield f"{where} has a code, which is for content; what it is for belongs into purpose."
    if "provision" in permit:
        yield f"{where} has exceptions of its own, which nobody here reads."
    period = permit.get("period", {})
    start, end = _moment(period.get("start")), _moment(period.get("end"), last=True)
    if start is None or ("end" in period and end is None):
        yield f"{where} has no period."
    elif end is not None and end < start:
        yield f"{where} ends before it begins (per-1)."
    yield from _codings(permit.get("purpose"), f"{where}, its purpose,")


def _codings(codings: Any, where: str) -> Iterator[str]:
    if not codings:
        yield f"{where} has no code."
    for coding in codings or []:
        if not str(coding.get("system", "")).startswith("http") or not str(coding.get("code", "")).strip():
            yield f"{where} has a code without its system."
        elif coding["system"] == DUO and code_of(coding["code"]) is None:
            yield f"{where} has a code that DUO does not have."


def _objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list, or none where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _moment(value: Any, *, last: bool = False) -> datetime | None:
    """A moment with a time zone, or a date: its first moment, or its last; None for anything else."""
    text = str(value)
    try:
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
        if _DATE.fullmatch(text):
            day = datetime.fromisoformat(f"{date.fromisoformat(text)}T00:00:00+00:00")
            return day + timedelta(days=1) - timedelta(microseconds=1) if last else day
    except (ValueError, OverflowError):
        return None
    return None


def _nothing_empty(value: Any, where: str) -> Iterator[str]:
    if value in (None, [], {}) or (isinstance(value, str) and not value.strip()):
        yield f"{where} is empty, and FHIR has nothing that is empty."
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _nothing_empty(item, f"{where}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _nothing_empty(item, where)
