"""What happens to a content item follows from its concept, its value type and the options, as Table E.3.4-1 says."""

import pytest

from curation.deid.content import concepts
from curation.deid.content.concepts import Treatment, rule_for
from curation.deid.resources import load

from .content_trees import BASIC, RESEARCH


def test_every_published_row_is_there() -> None:
    rows = load("sr_concepts.json")["rows"]
    assert sum(len(kinds) for kinds in rows.values()) == 209
    assert {row["basic"] for kinds in rows.values() for row in kinds.values()} == {"X", "D", "X/D"}


@pytest.mark.parametrize(
    ("concept", "kind", "options", "treatment", "rule"),
    [
        ("121022/DCM", "TEXT", RESEARCH, Treatment.REMOVE, "PS3.15 E.3.4-1:121022/DCM:X"),
        ("121008/DCM", "PNAME", RESEARCH, Treatment.DUMMY, "PS3.15 E.3.4-1:121008/DCM:D"),
        ("121071/DCM", "TEXT", RESEARCH, Treatment.CLEAN, "PS3.15 E.3.4-1:121071/DCM:C"),
        ("121071/DCM", "TEXT", BASIC, Treatment.DUMMY, "PS3.15 E.3.4-1:121071/DCM:D"),
        ("121071/DCM", "CODE", BASIC, Treatment.KEEP, "own:content:CODE"),
        ("126201/DCM", "DATE", RESEARCH, Treatment.CLEAN, "PS3.15 E.3.4-1:126201/DCM:C"),
        ("126201/DCM", "DATE", BASIC, Treatment.REMOVE, "PS3.15 E.3.4-1:126201/DCM:X"),
        ("126201/DCM", "DATE", frozenset({"retain_long_full_dates"}), Treatment.KEEP, "PS3.15 E.3.4-1:126201/DCM:K"),
        ("113723/DCM", "DATETIME", RESEARCH, Treatment.DUMMY, "own:never-shifted:113723/DCM"),
        ("121031/DCM", "DATE", RESEARCH, Treatment.REMOVE, "own:birth-date:121031/DCM"),
        ("21112-8/LN", "DATE", RESEARCH, Treatment.REMOVE, "own:birth-date:21112-8/LN"),
        ("121033/DCM", "NUM", RESEARCH, Treatment.KEEP, "PS3.15 E.3.4-1:121033/DCM:K"),
        ("121033/DCM", "NUM", BASIC, Treatment.REMOVE, "PS3.15 E.3.4-1:121033/DCM:X"),
        ("121030/DCM", "NUM", RESEARCH, Treatment.DUMMY, "PS3.15 E.3.4-1:121030/DCM:D"),
        ("125010/DCM", "UIDREF", RESEARCH, Treatment.REMOVE, "PS3.15 E.3.4-1:125010/DCM:X"),
        ("121012/DCM", "UIDREF", frozenset({"retain_uids"}), Treatment.KEEP, "PS3.15 E.3.4-1:121012/DCM:K"),
        ("", "TEXT", BASIC, Treatment.DUMMY, "own:content:TEXT"),
        ("", "UIDREF", frozenset({"retain_uids"}), Treatment.CLEAN, "own:content:UIDREF"),
        ("", "VIDEO", RESEARCH, Treatment.REMOVE, "own:content:unknown"),
    ],
)
def test_a_ruling_follows_from_concept_value_type_and_options(
    concept: str, kind: str, options: frozenset[str], treatment: Treatment, rule: str
) -> None:
    assert rule_for(concept, kind, options)[:2] == (treatment, rule)


def test_an_option_only_changes_what_it_names() -> None:
    for concept, kinds in concepts.CONCEPTS.items():
        for kind, row in kinds.items():
            basic = rule_for(concept, kind, BASIC)
            assert basic.treatment is (Treatment.REMOVE if row.basic == "X" else Treatment.DUMMY)
            assert rule_for(concept, kind, RESEARCH - set(row.options)) == basic
