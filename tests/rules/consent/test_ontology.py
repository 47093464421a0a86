"""A file of diseases is taken whole or not at all, and says no more than it lists."""

import pytest

from consent.rules.diseases import BUILT_IN, DiseaseTree
from consent.rules.ontology import read, tree_of
from core.errors import Invalid

FILE = """# A test ontology (CC0)
# another remark
MONDO:1\tcancer\t
MONDO:2\tlung cancer\tMONDO:1 MONDO:9

MONDO:3\tsmall cell lung cancer\tMONDO:2
"""


def lines(*rows: str) -> list[str]:
    return [f"{row}\n" for row in rows]


def test_a_file_says_what_it_is_and_what_it_names_and_does_not_list() -> None:
    found = read(FILE.splitlines(keepends=True))
    assert found.source == "A test ontology (CC0)"
    assert list(found.diseases) == ["MONDO:1", "MONDO:2", "MONDO:3"]
    assert found.diseases["MONDO:2"].parents == ("MONDO:1", "MONDO:9")
    assert found.unlisted == ("MONDO:9",)


def test_the_order_of_a_file_does_not_change_its_digest() -> None:
    rows = lines("MONDO:1\tcancer", "MONDO:2\tlung cancer\tMONDO:1")
    assert read(rows).digest == read(reversed(rows)).digest
    assert read(rows).digest != read(rows[:1]).digest


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "names no disease"),
        (["# only a remark"], "names no disease"),
        (["MONDO:1"], "Line 1 must have"),
        (["MONDO:1\ta\t\tb"], "Line 1 must have"),
        (["cancer\ta"], "Line 1 must be ids"),
        (["MONDO:1\ta", "MONDO:2\tb\tcancer"], "Line 2: what is above must be ids"),
        (["MONDO:1\t "], "has no label"),
        (["MONDO:1\t" + "a" * 501], "too long"),
        (["MONDO:" + "1" * 40 + "\ta"], "too long"),
        (["MONDO:1\ta", "MONDO:1\tb"], "Line 2 names MONDO:1"),
        (["MONDO:1 \ta", "MONDO:1\tb"], "Line 2 names MONDO:1"),
        (["MONDO:1\ta\tMONDO:1"], "above itself"),
        (["MONDO:1\ta\tMONDO:2", "MONDO:2 \tb\tMONDO:1"], "above itself"),
        (["MONDO:1\ta\tMONDO:2", "MONDO:2\tb\tMONDO:3", "MONDO:3\tc\tMONDO:1"], "above itself"),
    ],
)
def test_a_file_that_is_doubtful_anywhere_is_refused(rows: list[str], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        read(lines(*rows))


def test_what_was_loaded_lies_over_what_is_built_in() -> None:
    tree = tree_of([("MONDO:0008903", "lung cancer, renamed", "MONDO:77"), ("MONDO:77", "new above", "")], BUILT_IN)
    assert tree.ancestors("MONDO:0008903") == {"MONDO:77"}
    assert tree.label("MONDO:0008903") == "lung cancer, renamed"
    assert tree.ancestors("MONDO:0007254") == BUILT_IN.ancestors("MONDO:0007254")
    assert tree.label("MONDO:0007254") == "breast cancer"


def test_a_tree_may_lie_over_another_that_lies_over_a_third() -> None:
    tree = DiseaseTree({"X:1": ["X:2"]}).overlaid({"X:2": ["X:3"]}).overlaid({"X:3": ["X:4"]}, {"X:4": "four"})
    assert tree.ancestors("X:1") == {"X:2", "X:3", "X:4"}
    assert (tree.label("X:4"), tree.label("X:1")) == ("four", "X:1")
