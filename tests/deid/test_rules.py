"""The rules as data: every row of the table decides something, nothing private or unknown ever stays, one digest."""

import ast
import json
import sys
from pathlib import Path

import pytest
from pydicom.datadict import DicomDictionary

import curation.deid
from curation.deid import BASIC, RESEARCH, RULES_DIGEST, Profile
from curation.deid.actions import Action
from curation.deid.decide import DecisionTable, table_for
from curation.deid.files.representations import dictionary_vrs
from curation.deid.standard.rules import OPTIONS, ROWS

FOLDER = Path(curation.deid.__file__).parent
TABLE = json.loads((FOLDER / "data" / "rules.json").read_text())["rows"]
CT = "1.2.840.10008.5.1.4.1.1.2"
KEEPING = {Action.KEEP, Action.TERM, Action.CODE, Action.CODE_STRING, Action.NUMBER, Action.CHARSET}


@pytest.mark.parametrize("key", [key for key in TABLE if "X" not in key])
def test_every_row_is_obeyed_at_the_root_and_below(key: str) -> None:
    tag, basic = int(key, 16), TABLE[key]["basic"]
    vrs = dictionary_vrs(tag) or ("UN",)
    for parent in (0, 0x00081140):
        decision = table_for(CT, BASIC).decide(tag, vrs[0], parent)
        assert decision.action not in KEEPING
        assert not decision.option
        if basic == "X":
            assert decision.action is Action.REMOVE
        if basic == "U" and tag >> 16 not in (0, 2, 4):
            assert decision.action is Action.UID


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_changes_its_own_rows_and_no_other(option: str) -> None:
    profile = Profile(option, frozenset({option}))
    changed = 0
    for key, row in TABLE.items():
        if "X" in key:
            continue
        tag = int(key, 16)
        vr = (dictionary_vrs(tag) or ("UN",))[0]
        before, after = (table_for(CT, each).decide(tag, vr, 0) for each in (BASIC, profile))
        if after.option:
            assert after.option == option
            assert option in row.get("options", {})
            changed += 1
        else:
            assert (after.action, after.fallback) == (before.action, before.fallback)
    assert changed or option in ("retain_safe_private",)


@pytest.mark.parametrize("key", [key for key in TABLE if not TABLE[key].get("options") and "X" not in key])
def test_a_row_without_options_is_decided_the_same_under_every_profile(key: str) -> None:
    tag = int(key, 16)
    vr = (dictionary_vrs(tag) or ("UN",))[0]
    everything = Profile("all", frozenset(OPTIONS) - {"retain_long_full_dates"})
    assert table_for(CT, everything).decide(tag, vr, 0) == table_for(CT, BASIC).decide(tag, vr, 0)


def test_the_table_is_whole() -> None:
    assert len(TABLE) == 655
    assert len(ROWS) == 652
    assert len(RULES_DIGEST) == 64


@pytest.mark.parametrize("tag", [0x00091010, 0x00080000, 0x00189999, 0x00041500, 0x00020010, 0xFFFCFFFC, 0x60000010])
@pytest.mark.parametrize("vr", ["LO", "UN", "SQ", "OB"])
def test_what_is_private_unknown_or_out_of_place_never_stays(tag: int, vr: str) -> None:
    assert table_for(CT, BASIC).decide(tag, vr, 0).action is Action.REMOVE


def test_every_public_attribute_has_a_decision_under_every_kind_of_vr() -> None:
    table = DecisionTable(CT, RESEARCH)
    for tag in DicomDictionary:
        for vr in ("LO", "US", "OB", "SQ", "UN"):
            decision = table.decide(tag, vr, 0)
            assert decision.rule
            if vr == "UN" and decision.action is Action.KEEP:
                assert dictionary_vrs(tag)[0] in ("OB", "OW", "OV", "OF", "OD", "OL", "US")


def test_free_text_without_a_rule_stays_only_as_a_term_or_a_code() -> None:
    for tag in DicomDictionary:
        for vr in dictionary_vrs(tag):
            if vr in ("LO", "SH", "LT", "ST", "UT", "UC", "PN", "AE", "UR"):
                assert table_for(CT, BASIC).decide(tag, vr, 0).action is not Action.KEEP


def test_the_engine_needs_pydicom_and_the_standard_library_and_nothing_else() -> None:
    for path in FOLDER.rglob("*.py"):
        if path.parent.name == "data":
            continue  # makes the tables, by hand
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for name in names:
                assert name.split(".")[0] in {*sys.stdlib_module_names, "pydicom"}, f"{path.name}: {name}"
