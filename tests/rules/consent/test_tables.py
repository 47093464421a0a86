"""The tables that the rules rest on: states, diseases, and the version that names the rules."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from consent.rules import edition, lifecycle
from consent.rules.diseases import BUILT_IN, DiseaseTree, ancestors
from consent.rules.matching import RULES_VERSION, rules_digest
from consent.rules.obligations import OBLIGATIONS
from consent.rules.restrictions import _RULES
from consent.rules.vocabulary import MODIFIERS, load_data

HERE = Path(edition.__file__).parent
TABLES: dict[str, Mapping[StrEnum, frozenset[StrEnum]]] = {
    name: table for name, table in vars(lifecycle).items() if name.endswith("_TRANSITIONS")
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_lists_every_state_of_its_kind_and_reaches_each(name: str) -> None:
    table = TABLES[name]
    states = set(type(next(iter(table))))
    assert set(table) == states
    assert set().union(*table.values()) <= states
    first, reached = next(iter(table)), set[StrEnum]()
    todo: list[StrEnum] = [first]
    while todo:
        state = todo.pop()
        if state not in reached:
            reached.add(state)
            todo.extend(table[state])
    assert reached == states


def test_what_is_final_stays_final() -> None:
    assert not lifecycle.CONSENT_TRANSITIONS[lifecycle.ConsentState.WITHDRAWN]
    assert not lifecycle.FORM_VERSION_TRANSITIONS[lifecycle.FormVersionState.RETIRED]
    assert not lifecycle.WITHDRAWAL_STEP_TRANSITIONS[lifecycle.WithdrawalStepState.DONE]


def test_every_modifier_has_exactly_one_rule() -> None:
    assert set(_RULES) | OBLIGATIONS == MODIFIERS
    assert not set(_RULES) & OBLIGATIONS


def test_the_disease_list_holds_together() -> None:
    rows = load_data("diseases.json")["diseases"]
    ids = {row["id"] for row in rows}
    assert len(ids) == len(rows)
    assert all(set(row["parents"]) <= ids and row["id"] not in ancestors(row["id"]) for row in rows)
    labels = {row["label"]: row["id"] for row in rows}
    for kind in ("lung", "breast", "brain", "colorectal", "prostate", "skin", "liver"):
        assert labels["cancer"] in ancestors(labels[f"{kind} cancer"])
    assert labels["cardiovascular disorder"] in ancestors(labels["myocardial infarction"])
    assert labels["nervous system disorder"] in ancestors(labels["multiple sclerosis"])
    assert BUILT_IN.label(labels["cancer"]) == "cancer"


def test_ancestors_go_all_the_way_and_a_cycle_ends() -> None:
    tree = DiseaseTree({"A": ["B"], "B": ["C"], "C": ["A"]})
    assert tree.ancestors("A") == {"B", "C"}
    assert tree.ancestors("unknown") == frozenset()
    assert tree.label("A") == "A"


def test_the_version_names_the_rules_and_fits_a_column() -> None:
    assert f"{edition.RULES_EDITION}+{rules_digest()[:16]}" == RULES_VERSION
    assert len(RULES_VERSION) <= 40


def test_every_file_that_can_change_a_verdict_is_in_the_digest() -> None:
    reached, todo = set[str](), ["matching", "grammar", "use"]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            text = (HERE / f"{name}.py").read_text()
            todo += re.findall(r"^from consent\.rules\.(\w+) import", text, re.MULTILINE)
            todo += ["reading"] if "from consent.rules import reading" in text else []
    tables = {path for name in reached for path in re.findall(r'"(\w+\.json)"', (HERE / f"{name}.py").read_text())}
    files = {f"{name}.py" for name in reached - {"edition"}} | {f"data/{table}" for table in tables}
    assert files == set(edition._DECIDING)
