"""Each sentence of the matching policy as cases worked out by hand."""

from typing import Any

import pytest

from consent.rules import use as uses
from consent.rules.diseases import BUILT_IN
from consent.rules.grammar import parse
from consent.rules.matching import Outcome, permits

CANCER, LUNG_CANCER, BREAST_CANCER = "MONDO:0004992", "MONDO:0008903", "MONDO:0007254"
DIABETES = "MONDO:0005015"
P, C, R, D = Outcome.PERMIT, Outcome.CONDITIONAL, Outcome.REVIEW, Outcome.DENY
HMB = {"hmb": True}
INSIDE = {"methods_within_disease": True, "diseases": [LUNG_CANCER]}


def option(permission: str, *modifiers: str | tuple[str, Any], diseases: tuple[str, ...] = ()) -> dict[str, Any]:
    pairs = [(item, None) if isinstance(item, str) else item for item in modifiers]
    written = [{"code": code, "value": value} for code, value in pairs]
    return {"permission": permission, "diseases": list(diseases), "modifiers": written}


def ds(*modifiers: str | tuple[str, Any], diseases: tuple[str, ...] = (CANCER,)) -> dict[str, Any]:
    return option("DS", *modifiers, diseases=diseases)


def ask(options: list[dict[str, Any]], use: dict[str, Any]) -> Any:
    return permits(parse({"alternatives": options}), uses.parse(use), BUILT_IN)


PERMISSIONS = [
    ("nothing in force", [], HMB, D),
    *[(f"{wide} covers {purpose}", [option(wide)], {purpose: True}, P)
      for wide in ("GRU", "NRES") for purpose in ("general", "hmb", "poa", "methods", "train_model")],
    ("GRU covers a disease", [option("GRU")], {"diseases": [DIABETES]}, P),
    ("HMB covers health", [option("HMB")], HMB, P),
    ("HMB covers a disease", [option("HMB")], {"diseases": [DIABETES]}, P),
    ("HMB covers methods", [option("HMB")], {"methods": True}, P),
    ("HMB is not general", [option("HMB")], {"general": True}, D),
    ("HMB is not ancestry", [option("HMB")], {"poa": True}, D),
    ("every purpose counts", [option("HMB")], {"hmb": True, "poa": True}, D),
    ("DS covers its disease", [ds()], {"diseases": [CANCER]}, P),
    ("DS covers what is below", [ds()], {"diseases": [LUNG_CANCER]}, P),
    ("DS does not cover what is above", [ds(diseases=(LUNG_CANCER,))], {"diseases": [CANCER]}, D),
    ("DS does not cover what is beside", [ds(diseases=(LUNG_CANCER,))], {"diseases": [BREAST_CANCER]}, D),
    ("DS must cover every disease", [ds()], {"diseases": [LUNG_CANCER, DIABETES]}, D),
    ("several diseases may do it", [ds(diseases=(CANCER, DIABETES))], {"diseases": [LUNG_CANCER, DIABETES]}, P),
    ("alternatives do not add up", [ds(), ds(diseases=(DIABETES,))], {"diseases": [LUNG_CANCER, DIABETES]}, D),
    ("an unknown disease is only itself", [ds()], {"diseases": ["MONDO:9999999"]}, D),
    ("DS is not health", [ds()], HMB, D),
    ("DS is not general", [ds()], {"general": True}, D),
    ("DS without a disease allows none", [ds(diseases=())], {"diseases": [CANCER]}, D),
    ("POA covers ancestry", [option("POA")], {"poa": True}, P),
    *[(f"POA does not cover {purpose}", [option("POA", "CC")], {purpose: True}, D)
      for purpose in ("general", "hmb", "methods", "train_model", "clinical")],
    ("POA does not cover a disease", [option("POA")], {"diseases": [CANCER]}, D),
    ("no purpose", [option("GRU")], {}, R),
    ("a circumstance is no purpose", [option("GRU")], {"commercial": False, "genetic": True}, R),
    ("no purpose against a restriction", [option("GRU", "NCU")], {}, D),
    ("the best alternative", [ds(), option("HMB", "IRB"), option("HMB")], HMB, P),
    ("the best that is left", [ds(), option("HMB", "IRB"), option("HMB", ("RS", "asthma"))], HMB, C),
    ("the worst inside one", [option("HMB", "IRB", ("RS", "asthma"), "NCU")], HMB, D),
]  # fmt: skip
METHODS = [
    ("outside a DS consent", [ds()], {"methods": True}, R),
    ("training counts as methods", [ds()], {"train_model": True}, R),
    ("a disease beside general methods is not inside", [ds()], {"methods": True, "diseases": [LUNG_CANCER]}, R),
    ("inside, whichever the disease", [ds()], {"methods": True, "methods_within_disease": True}, P),
    ("inside", [ds()], {"methods": True, **INSIDE}, P),
    ("training inside", [ds()], {"train_model": True, **INSIDE}, P),
    ("inside another disease", [ds(diseases=(DIABETES,))], {"methods": True, **INSIDE}, D),
    ("NMDS denies methods", [option("GRU", "NMDS")], {"methods": True}, D),
    ("NMDS denies training", [option("HMB", "NMDS")], {"hmb": True, "train_model": True}, D),
    ("NMDS denies what is said in other words", [option("HMB", "NMDS")], {"hmb": True, "share_weights": True}, D),
    ("NMDS leaves the rest", [option("HMB", "NMDS")], HMB, P),
    ("NMDS outside the disease", [ds("NMDS")], {"train_model": True, "diseases": [LUNG_CANCER]}, D),
    ("NMDS inside the disease", [ds("NMDS")], {"train_model": True, **INSIDE}, P),
    ("NMDS needs a consented disease", [option("HMB", "NMDS")], {"methods": True, **INSIDE}, D),
    ("NTRAIN denies training everywhere", [ds("NTRAIN")], {"train_model": True, **INSIDE}, D),
    ("NTRAIN under GRU", [option("GRU", "NTRAIN")], {"general": True, "train_model": True}, D),
    ("NTRAIN denies a model by another name", [option("GRU", "NTRAIN")], {"general": True, "share_weights": True}, D),
    ("NTRAIN leaves other methods", [option("GRU", "NTRAIN")], {"methods": True, "train_model": False}, P),
    ("NTRAIN leaves the rest", [option("HMB", "NTRAIN")], HMB, P),
    ("NWEIGHTS", [option("GRU", "NWEIGHTS")], {"train_model": True, "share_weights": True}, D),
    ("NWEIGHTS kept", [option("GRU", "NWEIGHTS")], {"train_model": True, "share_weights": False}, P),
    ("NWEIGHTS not answered", [option("GRU", "NWEIGHTS")], {"train_model": True}, R),
    ("NWEIGHTS without a model", [option("GRU", "NWEIGHTS")], HMB, P),
    ("NCM", [option("GRU", "NCM")], {"train_model": True, "commercial_model": True}, D),
    ("NCM kept", [option("GRU", "NCM")], {"train_model": True, "commercial_model": False}, P),
    ("NCM not answered", [option("GRU", "NCM")], {"train_model": True}, D),
    ("NCM without a model", [option("GRU", "NCM")], HMB, P),
]
CIRCUMSTANCES = [
    ("clinical use needs CC", [option("GRU")], {"clinical": True}, D),
    ("CC", [option("HMB", "CC")], {"clinical": True}, P),
    ("CC changes nothing else", [option("HMB", "CC")], {"general": True, "clinical": True}, D),
    ("NPOA", [option("GRU", "NPOA")], {"poa": True}, D),
    ("NPOA leaves the rest", [option("GRU", "NPOA")], {"general": True}, P),
    ("GSO", [option("GRU", "GSO")], {"hmb": True, "genetic": True}, P),
    ("GSO not genetic", [option("GRU", "GSO")], {"hmb": True, "genetic": False}, D),
    ("GSO not answered", [option("GRU", "GSO")], HMB, D),
    ("GS unknown", [option("GRU", ("GS", ["GB", "FR"]))], HMB, R),
    ("GS inside", [option("GRU", ("GS", ["GB", "FR"]))], {**HMB, "countries": ["fr"]}, P),
    ("GS any outside", [option("GRU", ("GS", ["GB", "FR"]))], {**HMB, "countries": ["FR", "US"]}, D),
    ("GS of no country", [option("GRU", ("GS", ["ZZ"]))], {**HMB, "countries": ["ZZ"]}, D),
    ("GS as one country", [option("GRU", ("GS", "GB"))], {**HMB, "countries": ["GB"]}, P),
    ("two GS both hold", [option("GRU", ("GS", "GB"), ("GS", "FR"))], {**HMB, "countries": ["GB"]}, D),
    ("NPU", [option("GRU", "NPU")], {**HMB, "org": "nonprofit"}, P),
    ("NPU is not NPUNCU", [option("GRU", "NPU")], {**HMB, "org": "nonprofit", "commercial": True}, P),
    ("NPU company", [option("GRU", "NPU")], {**HMB, "org": "forprofit", "commercial": False}, D),
    ("NPU not answered", [option("GRU", "NPU")], {**HMB, "commercial": False}, D),
    ("NCU", [option("GRU", "NCU")], {**HMB, "commercial": False}, P),
    ("NCU is not NPUNCU", [option("GRU", "NCU")], {**HMB, "commercial": False, "org": "forprofit"}, P),
    ("NCU commercial", [option("GRU", "NCU")], {**HMB, "commercial": True, "org": "nonprofit"}, D),
    ("NCU not answered", [option("GRU", "NCU")], {**HMB, "org": "nonprofit"}, D),
    ("NCU model for sale", [option("GRU", "NCU")], {**HMB, "commercial": False, "commercial_model": True}, D),
    ("NPUNCU", [option("GRU", "NPUNCU")], {**HMB, "commercial": False, "org": "nonprofit"}, P),
    ("NPUNCU company", [option("GRU", "NPUNCU")], {**HMB, "commercial": False, "org": "forprofit"}, D),
    ("NPUNCU commercial", [option("GRU", "NPUNCU")], {**HMB, "commercial": True, "org": "nonprofit"}, D),
    ("NPUNCU who not answered", [option("GRU", "NPUNCU")], {**HMB, "commercial": False}, D),
    ("NPUNCU commercial not answered", [option("GRU", "NPUNCU")], {**HMB, "org": "nonprofit"}, D),
    ("US", [option("GRU", ("US", ["a", "b"]))], {**HMB, "users": ["a"]}, P),
    ("US any other", [option("GRU", ("US", ["a", "b"]))], {**HMB, "users": ["a", "c"]}, D),
    ("US not answered", [option("GRU", ("US", ["a", "b"]))], HMB, D),
    ("US without a list", [option("GRU", "US")], {**HMB, "users": ["a"]}, D),
    ("IS", [option("GRU", ("IS", "Leeds"))], {**HMB, "institution": "Leeds"}, P),
    ("IS another", [option("GRU", ("IS", "Leeds"))], {**HMB, "institution": "York"}, D),
    ("IS not answered", [option("GRU", ("IS", "Leeds"))], HMB, D),
    ("PS", [option("GRU", ("PS", "p-1"))], {**HMB, "project": "p-1"}, P),
    ("PS another", [option("GRU", ("PS", "p-1"))], {**HMB, "project": "p-2"}, D),
    ("PS not answered", [option("GRU", ("PS", "p-1"))], HMB, D),
    ("RS is read by a person", [option("GRU", ("RS", "only asthma"))], HMB, R),
    ("a time limit that has passed", [option("GRU", ("TS", "2026-01-31"))], {**HMB, "date": "2026-02-01"}, D),
    ("its last day", [option("GRU", ("TS", "2026-01-31"))], {**HMB, "date": "2026-01-31"}, C),
    *[(f"{code} is an obligation", [option("GRU", code)], HMB, C)
      for code in ("IRB", "TS", "MOR", "PUB", "COL", "RTN", "NRI")],
    *[(f"{name} is sensitive", [option("GRU")], {**HMB, name: True}, R) for name in uses.SENSITIVE],
    ("sensitive and conditional", [option("GRU", "IRB")], {**HMB, "illegal": True}, R),
    ("sensitive and denied", [option("HMB")], {"poa": True, "illegal": True}, D),
]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "use", "expected"),
    [pytest.param(*case[1:], id=case[0]) for case in PERMISSIONS + METHODS + CIRCUMSTANCES],
)
def test_the_policy_by_hand(options: list[dict[str, Any]], use: dict[str, Any], expected: Outcome) -> None:
    assert ask(options, use).outcome is expected


def test_no_terms_at_all_deny() -> None:
    assert permits(None, uses.parse(HMB), BUILT_IN).outcome is Outcome.DENY


@pytest.mark.parametrize(
    ("code", "value", "expires"),
    [
        ("TS", 1, "2026-02-28"),
        ("TS", 12, "2027-01-31"),
        ("TS", 13, "2027-02-28"),
        ("MOR", "2030-06-30", "2030-06-30"),
        ("IRB", None, None),
    ],
)
def test_obligations_say_what_shows_them_and_when_they_end(code: str, value: Any, expires: str | None) -> None:
    verdict = ask([option("GRU", (code, value))], {**HMB, "date": "2026-01-31"})
    [obligation] = verdict.as_json()["obligations"]
    assert (obligation["code"], obligation["expires"]) == (code, expires)
    assert obligation["evidence"]


def test_a_review_keeps_its_obligations() -> None:
    verdict = ask([option("GRU", "IRB", ("RS", "only asthma"))], HMB)
    assert [obligation.code for obligation in verdict.obligations] == ["IRB"]
    assert [reason.code for reason in verdict.reasons] == ["RS"]


def test_of_equal_alternatives_the_one_that_asks_less_is_taken() -> None:
    verdict = ask([option("GRU", "IRB", "PUB"), option("HMB", "COL"), option("NRES", "COL", "RTN")], HMB)
    assert [obligation.code for obligation in verdict.obligations] == ["COL"]


def test_a_denial_gives_every_alternatives_reasons() -> None:
    verdict = ask([option("HMB", "NCU"), ds("NMDS")], {"poa": True, "methods": True, **INSIDE, "commercial": True})
    assert {reason.code for reason in verdict.reasons} == {"HMB", "NCU", "DS"}


def test_methods_work_is_inside_only_when_every_disease_is() -> None:
    use = {"methods": True, "methods_within_disease": True, "diseases": [LUNG_CANCER, DIABETES]}
    assert {reason.code for reason in ask([ds("NMDS")], use).reasons} == {"DS", "NMDS"}
