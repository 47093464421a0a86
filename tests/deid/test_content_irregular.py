"""Trees of content items that nobody should write, and random ones: nothing of them stays that should go."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from curation.deid.content.trees import clean_content, holds_content
from curation.deid.files.tree import Dataset as Tree
from curation.deid.files.tree import Element, find
from curation.deid.reasons import Refused

from .content_trees import BASIC, CONTENT, RESEARCH, at, cleaned, references, tools, values
from .reports import NAME, by_reference, code, content, tree

SECRET = [Element(0x00100010, "PN", b"Kunigunde ")]
IRREGULAR: list[Tree] = [
    [Element(0x0040A040, "CS", b"TEXT"), Element(0x0040A160, "SQ", items=[SECRET])],
    [Element(0x0040A040, "CS", b"UIDREF"), Element(0x0040A124, "SQ", items=[SECRET])],
    [Element(0x0040A040, "CS", b"TEXT"), Element(0x0040A160, "OB", b"Kunigunde ")],
    [Element(0x0040A040, "CS", b"TEXT"), Element(0x0040A160, "UT", b"Liver Kunigunde ")],
    [Element(0x0040A040, "SQ", items=[SECRET]), Element(0x0040A160, "UT", b"Kunigunde ")],
    [Element(0x0040A040, "CS", b"Kunigunde "), Element(0x0040A160, "UT", b"Liver ")],
    [Element(0x0040A040, "CS", b"text"), Element(0x0040A160, "UT", b"Kunigunde ")],
    [Element(0x0040DB73, "UL", b"\1\0\0")],
    [Element(0x0040DB73, "UL", b"\1\0\0\0" * 5000)],
    [Element(0x0040DB73, "SQ", items=[SECRET])],
    [Element(0x0040DB73, "UL", b"\1\0\0\0"), Element(0x0040A160, "UT", b"Kunigunde ")],
    [Element(0x0040DB73, "UL", b"\1\0\0\0\1\0\0\0"), Element(0x0040A040, "CS", b"")],
    [Element(0x0040A040, "CS", b"NUM"), Element(CONTENT, "UN", b"Kunigunde ")],
    [Element(0x0040A040, "CS", b"CODE"), Element(0x0040A043, "SQ", items=[])],
    [Element(0x0040A040, "CS", b"PNAME"), *[Element(0x0040A123, "PN", b"Kunigunde ")] * 2],
    [],
]


@pytest.mark.parametrize("item", IRREGULAR)
@pytest.mark.parametrize("options", [BASIC, RESEARCH])
def test_an_irregular_item_keeps_nothing_and_stops_nothing(item: Tree, options: frozenset[str]) -> None:
    for tree_ in ([item], [[Element(0x0040A040, "CS", b"CONTAINER "), Element(CONTENT, "SQ", items=[item, item])]]):
        left = clean_content(tree_, CONTENT, tools(options))
        assert "Kunigunde" not in repr(everything(left))


def everything(items: list[Tree]) -> list[object]:
    """All values of a tree."""
    return [bytes(e.value) if e.items is None else everything(e.items) for item in items for e in item]


def test_a_hundred_thousand_items_are_cleaned() -> None:
    one = tree(content("TEXT", "1/L", "Liver"), content("PNAME", "121114/DCM", NAME), by_reference(1, 2))
    left = clean_content(one * 34_000, CONTENT, tools())
    assert len(left) == 102_000


def test_a_tree_deeper_than_any_is_refused() -> None:
    item = tree(content("CONTAINER", "121070/DCM", None))[0]
    for _ in range(40):
        item = [*[element for element in item if element.tag != CONTENT], Element(CONTENT, "SQ", items=[item])]
    with pytest.raises(Refused):
        clean_content([item], CONTENT, tools())


def test_sequences_of_content_items_are_known_by_name_or_by_what_they_hold() -> None:
    assert holds_content(0x00400555, [])
    assert holds_content(0x00089215, tree(content("TEXT", "1/L", "Liver")))
    assert not holds_content(0x00089215, [[Element(0x00080100, "SH", b"1 ")]])
    assert not holds_content(0x00089215, [])


KINDS = st.sampled_from(
    ["TEXT", "PNAME", "DATE", "DATETIME", "TIME", "UIDREF", "NUM", "CODE", "IMAGE", "CONTAINER", ""]
)
CODES = st.sampled_from(["121022/DCM", "121071/DCM", "121000/DCM", "121008/DCM", "121080/DCM", "1/99L", "121029/DCM"])


def _item(kind: str, concept: str, place: list[int], children: list[Tree]) -> Tree:
    value, scheme = concept.encode().split(b"/")
    if not kind:
        raw = b"".join(number.to_bytes(4, "little") for number in place)
        return [Element(0x0040A010, "CS", b"INFERRED FROM "), Element(0x0040DB73, "UL", raw)]
    name = [Element(0x00080100, "SH", value), Element(0x00080102, "SH", scheme)]
    item = [
        Element(0x0040A010, "CS", b"CONTAINS"),
        Element(0x0040A040, "CS", kind.encode()),
        Element(0x0040A043, "SQ", items=[name]),
        Element(0x0040A120, "DT", b"20190102Kunigunde"),
        Element(0x0040A121, "DA", b"Kunigund"),
        Element(0x0040A123, "PN", b"Kunigunde"),
        Element(0x0040A124, "UI", b"1.2.3.99999"),
        Element(0x0040A160, "UT", b"Kunigunde 7734921"),
    ]
    return [*item, Element(CONTENT, "SQ", items=children)] if children else item


PLACES = st.lists(st.integers(0, 4), max_size=5).map(lambda rest: [1, *rest])
TREES = st.recursive(
    st.builds(_item, KINDS, CODES, PLACES, st.just([])),
    lambda below: st.builds(_item, KINDS, CODES, PLACES, st.lists(below, max_size=4)),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(TREES, max_size=5), st.sampled_from([BASIC, RESEARCH]))
def test_no_tree_keeps_a_written_value_or_a_link_to_another_item(items: list[Tree], options: frozenset[str]) -> None:
    left = clean_content(items, CONTENT, tools(options))
    texts = [*values(left), *values(left, 0x0040A123), *values(left, 0x0040A120), *values(left, 0x0040A124)]
    assert not [text for text in texts if "Kunigunde" in text or "99999" in text]
    for place in references(left):
        assert place == (1,) or find(at(left, place), 0x0040A040) is not None


def test_a_concept_with_a_long_code_is_found() -> None:
    item = content("TEXT", "121071/DCM", "Liver")
    item.ConceptNameCodeSequence = [Dataset()]
    item.ConceptNameCodeSequence[0].LongCodeValue = "121022"
    item.ConceptNameCodeSequence[0].CodingSchemeDesignator = "DCM"
    assert cleaned(item) == []
    assert code("1/L").CodeMeaning == "Meaning"
