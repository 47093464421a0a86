"""What must hold of a FHIR R4 Consent and what validators of its shape let through: codes, periods, invariants."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

STATUSES: Final = frozenset({"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"})
TYPES: Final = frozenset({"deny", "permit"})
REQUIRED: Final = ("status", "scope", "category", "patient", "dateTime", "provision")
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
    if _moment(resource.get("dateTime")) is None:
        yield "Consent.dateTime is not a moment."
    for part in ("scope", *(["category"] if resource.get("category") else [])):
        concepts = resource.get(part)
        for concept in concepts if isinstance(concepts, list) else [concepts]:
            yield from _codings((concept or {}).get("coding"), f"Consent.{part}")


def _provisions(root: Any) -> Iterator[str]:
    if not isinstance(root, dict) or root.get("type") != "deny":
        yield "The root provision does not deny."
        return
    if "purpose" in root:
        yield "The root provision denies for some purposes only."
    for place, permit in enumerate(root.get("provision", [])):
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
    if value in (None, "", [], {}):
        yield f"{where} is empty, and FHIR has nothing that is empty."
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _nothing_empty(item, f"{where}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _nothing_empty(item, where)
