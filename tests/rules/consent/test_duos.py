"""The matcher never permits what the published DUOS algorithm, version 3, denies."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.rules import grammar
from consent.rules import use as uses
from consent.rules.diseases import DiseaseTree
from consent.rules.grammar import Alternative, Terms
from consent.rules.matching import permits
from consent.rules.use import Use
from tests.rules.consent.strategies import TREE, alternatives
from tests.rules.consent.strategies import uses as any_use

PUBLISHED = json.loads((Path(__file__).parent / "duos_cases.json").read_text())
PUBLISHED_TREE = DiseaseTree(PUBLISHED["ancestors"])


def answer(case: dict[str, Any]) -> str:
    try:
        return permits(grammar.parse(case["terms"]), uses.parse(case["use"]), PUBLISHED_TREE).outcome.value
    except uses.UseError:
        return "error"


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in PUBLISHED["cases"]])
def test_published_cases(case: dict[str, Any]) -> None:
    assert answer(case) == case["ours"]
    if case["duos"] != "APPROVE":
        assert case["ours"] not in ("PERMIT", "CONDITIONAL")
    if case["duos"] == "DENY":
        assert case["ours"] == "DENY"


def duos_denies(option: Alternative, use: Use) -> bool:
    """Whether DUOS denies, restated from its description: general, health, ancestry, disease and commercial rules."""
    widest = option.permission in ("GRU", "NRES")
    health = option.permission == "HMB"
    consented = set(option.diseases)
    covered = all(consented & {disease, *TREE.ancestors(disease)} for disease in use.diseases)
    checks = [
        bool(use.diseases) and not widest and not health and not covered,
        bool(use.general) and health,
        bool(use.hmb) and option.permission in ("DS", "POA"),
        bool(use.poa) and option.permission not in ("GRU", "NRES", "POA"),
        _commerce_denied(option, use),
    ]
    return any(checks)


def _commerce_denied(option: Alternative, use: Use) -> bool:
    """DUOS' 'non-profit use' is DUO's NPUNCU: not for profit in who asks and in what for."""
    codes = {modifier.code for modifier in option.modifiers}
    for_gain = use.commercial or (use.org == "forprofit" and "NPUNCU" in codes)
    return bool(for_gain) and not codes.isdisjoint({"NCU", "NPUNCU"})


@given(alternatives(frozenset({"NCU", "NPUNCU", "IRB", "CC"})), any_use(), st.booleans())
def test_never_permits_what_duos_denies(option: Alternative, use: Use, calm: bool) -> None:
    use = replace(use, hmb=True) if calm else use
    if duos_denies(option, use):
        assert not permits(Terms((option,)), use, TREE).allowed
