"""The rules as data: every row of the table decides something, nothing private or unknown ever stays, one digest."""

import ast
import json
import sys
from pathlib import Path

import pytest
from pydicom.datadict import DicomDictionary

import curation.deid
from curation.deid import RULES_DIGEST
from curation.deid.actions import Action
from curation.deid.decide import DecisionTable, table_for
from curation.deid.representations import dictionary_vrs
from curation.deid.rules import ROWS

FOLDER = Path(curation.deid.__file__).parent
TABLE = json.loads((FOLDER / "data" / "rules.json").read_text())["rows"]
CT = "1.2.840.10008.5.1.4.1.1.2"
KEEPING = {Action.KEEP, Action.TERM, Action.CODE, Action.CODE_STRING, Action.NUMBER, Action.CHARSET}


@pytest.mark.parametrize("key", [key for key in TABLE if "X" not in key])
def test_every_row_is_obeyed_at_the_root_and_below(key: str) -> None:
    tag, basic = int(key, 16), TABLE[key]["basic"]
    vrs = dictionary_vrs(tag) or ("UN",)
    for parent in (0, 0x00081140):
        decision = table_for(CT).decide(tag, vrs[0], parent)
        assert decision.action not in KEEPING
        if basic == "X" and "retain_long_modified_dates" not in TABLE[key].get("options", {}):
            assert decision.action is Action.REMOVE
        if basic == "U" and tag >> 16 not in (0, 2, 4):
            assert decision.action is Action.UID


def test_the_table_is_whole() -> None:
    assert len(TABLE) == 655
    assert len(ROWS) == 652
    assert len(RULES_DIGEST) == 64


@pytest.mark.parametrize("tag", [0x00091010, 0x00080000, 0x00189999, 0x00041500, 0x00020010, 0xFFFCFFFC, 0x60000010])
@pytest.mark.parametrize("vr", ["LO", "UN", "SQ", "OB"])
def test_what_is_private_unknown_or_out_of_place_never_stays(tag: int, vr: str) -> None:
    assert table_for(CT).decide(tag, vr, 0).action is Action.REMOVE


def test_every_public_attribute_has_a_decision_under_every_kind_of_vr() -> None:
    table = DecisionTable(CT)
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
                assert table_for(CT).decide(tag, vr, 0).action is not Action.KEEP


def test_the_engine_needs_pydicom_and_the_standard_library_and_nothing_else() -> None:
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for name in names:
                assert name.split(".")[0] in {*sys.stdlib_module_names, "pydicom"}, f"{path.name}: {name}"
