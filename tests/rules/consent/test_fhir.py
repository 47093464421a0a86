"""Consents as FHIR: valid by a library that knows the standard, and by our own checks for what it lets through."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fhir.resources.R4B.consent import Consent
from hypothesis import given
from hypothesis import strategies as st

from consent.rules.diseases import BUILT_IN
from consent.rules.fhir import ALL_HOLD, DUO, LOCAL_CODES, MONDO, VALUE, ConsentFacts, consent_resource
from consent.rules.fhir_checks import problems
from consent.rules.grammar import Terms, parse
from consent.rules.vocabulary import LOCAL, TERMS
from tests.rules.consent.strategies import terms

SINCE = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def facts(terms: Terms, until: datetime | None = None) -> ConsentFacts:
    return ConsentFacts(
        consent_id=UUID(int=1),
        donor_id=UUID(int=2),
        programme="Lungs",
        origin="https://donara.example",
        form="https://donara.example/programmes/lungs/form/",
        language="en-GB",
        terms=terms,
        since=SINCE,
        until=until,
    )


def resource(*options: dict[str, Any], until: datetime | None = None) -> dict[str, Any]:
    return consent_resource(facts(parse({"alternatives": list(options)}), until), BUILT_IN)


def permits_in(found: dict[str, Any]) -> list[dict[str, Any]]:
    permits: list[dict[str, Any]] = found["provision"].get("provision", [])
    return permits


@given(terms(), st.none() | st.integers(0, 2000))
def test_every_consent_is_valid_by_the_standard_and_by_ours(whole: Terms, days: int | None) -> None:
    until = None if days is None else SINCE + timedelta(days=days)
    found = consent_resource(facts(whole, until), BUILT_IN)
    assert problems(found) == []
    read = Consent.model_validate(found)
    assert read.provision.type == "deny"
    assert {permit["type"] for permit in permits_in(found)} <= {"permit"}
    codes = {coding["code"] for permit in permits_in(found) for coding in permit["purpose"]}
    known = {term.id for term in TERMS.values()} | set(LOCAL)
    assert all(code in known or code.startswith("X:") for code in codes)


def test_the_root_denies_and_each_choice_permits_with_its_period() -> None:
    found = resource({"permission": "HMB"}, {"permission": "DS", "diseases": ["MONDO:0004992"]})
    disease, health = permits_in(found)
    assert (found["status"], found["provision"]["type"]) == ("active", "deny")
    assert health == {
        "type": "permit",
        "period": {"start": "2026-03-01T12:30:00+00:00"},
        "purpose": [{"system": DUO, "code": "DUO:0000006", "display": "health or medical or biomedical research"}],
        "class": [{"system": "http://hl7.org/fhir/resource-types", "code": "ImagingStudy", "display": "ImagingStudy"}],
    }
    assert disease["purpose"][1] == {"system": MONDO, "code": "MONDO:0004992", "display": "cancer"}
    assert disease["modifierExtension"] == [{"url": ALL_HOLD, "valueBoolean": True}]
    assert "code" not in disease


def test_modifiers_are_purposes_with_their_values() -> None:
    modifiers = [
        {"code": "GS", "value": ["GB", "FR"]},
        {"code": "MOR", "value": 12},
        {"code": "NTRAIN"},
        {"code": "RS", "value": "asthma only"},
    ]
    [permit] = permits_in(resource({"permission": "GRU", "modifiers": modifiers}))
    said = {coding["code"]: coding for coding in permit["purpose"]}
    assert said["NTRAIN"]["system"] == LOCAL_CODES == "https://donara.example/terms"
    assert said["DUO:0000022"]["extension"] == [{"url": VALUE, "valueString": name} for name in ("FR", "GB")]
    assert said["DUO:0000024"]["extension"][0]["valueDuration"]["value"] == 12
    assert said["DUO:0000012"]["extension"] == [{"url": VALUE, "valueString": "asthma only"}]
    assert permit["modifierExtension"][0]["url"] == ALL_HOLD


@pytest.mark.parametrize(
    ("limit", "until", "end"),
    [
        (None, None, None),
        ("2026-12-31", None, "2026-12-31"),
        (12, None, None),
        (None, datetime(2026, 6, 1, 8, tzinfo=UTC), "2026-06-01T08:00:00+00:00"),
        ("2026-12-31", datetime(2026, 6, 1, 8, tzinfo=UTC), "2026-06-01T08:00:00+00:00"),
        ("2026-04-30", datetime(2026, 6, 1, 8, tzinfo=UTC), "2026-04-30"),
        ("2026-03-01", None, "2026-03-01"),
    ],
)
def test_a_permit_ends_with_its_time_limit_or_the_withdrawal(
    limit: object, until: datetime | None, end: str | None
) -> None:
    modifiers = [{"code": "TS", "value": limit}] if limit else []
    found = resource({"permission": "GRU", "modifiers": modifiers}, until=until)
    [permit] = permits_in(found)
    assert permit["period"].get("end") == end
    assert found["status"] == ("inactive" if until else "active")


def test_nothing_is_permitted_by_a_time_that_was_over_or_by_no_choice() -> None:
    over = {"permission": "GRU", "modifiers": [{"code": "TS", "value": date(2026, 2, 28).isoformat()}]}
    assert permits_in(resource(over)) == permits_in(resource()) == []
    assert problems(resource()) == []


GOOD = resource({"permission": "GRU"})


def changed(path: str, value: Any) -> dict[str, Any]:
    """GOOD with the part at a dotted path replaced, or dropped for Ellipsis."""
    found = deepcopy(GOOD)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    part: Any = found
    for step in way:
        part = part[step]
    if value is ...:
        del part[last]
    else:
        part[last] = value
    return found


PERMIT = "provision.provision.0"


@pytest.mark.parametrize(
    ("path", "value", "says", "let_through"),
    [
        ("status", "withdrawn", "status has no code 'withdrawn'", True),
        ("scope", ..., "scope is missing", False),
        ("category", [], "is empty", True),
        ("performer", [{}], "is empty", True),
        ("policy", ..., "ppc-1", True),
        ("provision.type", "permit", "root provision does not deny", True),
        ("provision.type", ..., "root provision does not deny", True),
        (f"{PERMIT}.type", "allow", "no type that there is", True),
        (f"{PERMIT}.type", "deny", "does not permit", True),
        (f"{PERMIT}.period", {"start": "2026-03-01", "end": "2026-02-01"}, "per-1", True),
        (f"{PERMIT}.period", ..., "has no period", True),
        (f"{PERMIT}.purpose", ..., "has no code", True),
        (f"{PERMIT}.purpose", [{"code": "GRU"}], "without its system", True),
        (f"{PERMIT}.code", [{"coding": [{"system": DUO, "code": "DUO:0000042"}]}], "which is for content", True),
        (f"{PERMIT}.provision", [{"type": "deny"}], "exceptions of its own", True),
        ("scope.coding", [], "has no code", True),
        ("provision.purpose", [{"system": DUO, "code": "DUO:0000042"}], "it has a purpose", True),
        ("provision.period", {"start": "2030-01-01"}, "it has a period", True),
        ("provision.code", [{"text": "x"}], "it has a code", True),
        ("provision.provision", "x", "not a list of objects", False),
        ("patient.reference", "Practitioner/1", "not a Patient", True),
        ("patient.type", "Organization", "not a Patient", True),
        ("policy", [{"uri": "not a uri"}], "policy has no address", True),
        ("language", "zz zz", "not a language", True),
        ("scope.coding.0.code", "bogus", "scope has no such code", True),
        (f"{PERMIT}.purpose.0.code", "DUO:9999999", "DUO does not have", True),
        (f"{PERMIT}.purpose.0.display", "  ", "is empty", True),
        ("id", "a b", "is not an id", False),
        ("dateTime", "2026-03-01T12:30:00", "is not a moment", False),
        ("dateTime", "2026-02-30", "is not a moment", False),
        ("resourceType", "Patient", "not a Consent", False),
        ("language", None, "is empty", True),
    ],
)
def test_what_is_wrong_is_found_also_where_the_library_lets_it_through(
    path: str, value: Any, says: str, let_through: bool
) -> None:
    bad = changed(path, value)
    assert any(says in problem for problem in problems(bad)), problems(bad)
    if let_through:
        Consent.model_validate(bad)
    else:
        with pytest.raises(ValueError, match="validation error"):
            Consent.model_validate(bad)


def test_it_holds_the_donors_number_and_nobodys_name() -> None:
    assert GOOD["patient"] == {
        "type": "Patient",
        "identifier": {"system": "https://donara.example/donors", "value": str(UUID(int=2))},
    }
