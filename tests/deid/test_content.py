"""Content items go, are cleaned or stay as Table E.3.4-1 says; the tree that is left is valid and its links hold."""

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from curation.deid.actions import Action
from curation.deid.content import concepts
from curation.deid.content.concepts import Treatment, rule_for
from curation.deid.content.trees import Tools, Where, clean_content, holds_content
from curation.deid.decide import Decision
from curation.deid.files.tree import Dataset as Tree
from curation.deid.files.tree import Element, find, text_of
from curation.deid.reasons import Refused
from curation.deid.resources import load
from curation.deid.values import dates, pseudonyms
from curation.deid.values.dummies import dummy
from curation.deid.values.keys import SubjectKey

from .reports import NAME, by_reference, code, content, tree

KEY = SubjectKey(b"k" * 32)
RESEARCH = frozenset(
    {"clean_descriptors", "clean_structured_content", "clean_graphics"}
    | {"retain_patient_characteristics", "retain_long_modified_dates", "retain_safe_private"}
)
BASIC: frozenset[str] = frozenset()
CONTENT = 0x0040A730
KNOWN_WORDS = frozenset({b"Liver", b"Mass"})
Seen = Counter[str]


def tools(options: frozenset[str] = RESEARCH, seen: Seen | None = None, little: bool = True) -> Tools:
    """What the engine gives to the walk, with a vocabulary of two words."""

    def walk(elements: Tree, where: Where, made: Mapping[int, Decision]) -> Tree:
        kept = []
        for element in elements:
            decision = made.get(element.tag)
            if decision is not None and seen is not None:
                seen[decision.rule] += 1
            new = element if decision is None else changed(element, decision)
            if new is not None:
                kept.append(new)
        return kept

    return Tools(walk, options, little)


def changed(element: Element, decision: Decision) -> Element | None:
    """One value changed as its decision says."""
    old = element.text().strip()
    days = dates.days_back(KEY)
    new: bytes | None
    match decision.action:
        case Action.KEEP:
            return element
        case Action.TEXT:
            new = old if old in KNOWN_WORDS else None
        case Action.DATE:
            new = (dates.shifted_date if decision.vr == "DA" else dates.shifted_datetime)(old, days)
        case Action.TIME:
            new = old if dates.is_time(old) else None
        case Action.UID:
            new = pseudonyms.keyed_uid(KEY, old)
        case Action.PSEUDONYM:
            new = pseudonyms.pseudonym(KEY)
        case Action.DUMMY:
            new = dummy(decision.vr)
        case _:
            return None
    if new is None:
        return None if decision.fallback is Action.REMOVE else Element(element.tag, decision.vr, dummy(decision.vr))
    return Element(element.tag, decision.vr, new)


def cleaned(*items: Dataset, options: frozenset[str] = RESEARCH, seen: Seen | None = None) -> list[Tree]:
    """The content items after cleaning."""
    return clean_content(tree(*items), CONTENT, tools(options, seen))


def values(items: list[Tree], tag: int = 0x0040A160) -> list[str]:
    """The values of one attribute over the whole tree, in its order."""
    found = []
    for item in items:
        found += [text_of([element], tag) for element in item if element.tag == tag]
        below = find(item, CONTENT)
        found += values(below.items or [], tag) if below is not None else []
    return found


def references(items: list[Tree]) -> list[tuple[int, ...]]:
    """The positions that items of the tree refer to."""
    found = []
    for item in items:
        element, below = find(item, 0x0040DB73), find(item, CONTENT)
        if element is not None:
            raw = bytes(element.value)
            found.append(tuple(int.from_bytes(raw[at : at + 4], "little") for at in range(0, len(raw), 4)))
        found += references(below.items or []) if below is not None else []
    return found


def at(items: list[Tree], place: tuple[int, ...]) -> Tree:
    """The item at a position; the root is 1."""
    for number in place[1:]:
        item = items[number - 1]
        below = find(item, CONTENT)
        items = below.items or [] if below is not None else []
    return item


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


def test_people_go_and_findings_stay() -> None:
    seen: Seen = Counter()
    left = cleaned(
        content("PNAME", "121008/DCM", NAME, relation="HAS OBS CONTEXT"),
        content("PNAME", "121029/DCM", NAME, relation="HAS OBS CONTEXT"),
        content("TEXT", "121022/DCM", "PAT-7734921"),
        content("CONTAINER", "121070/DCM", None, content("CODE", "121071/DCM", "4147007/SCT"), relation="CONTAINS"),
        content("TEXT", "121071/DCM", "Mass"),
        content("TEXT", "121071/DCM", f"A mass as in {NAME}"),
        content("TEXT", "1/99LOCAL", "Liver"),
        content("TEXT", "1/99LOCAL", "Pflaumenweg 7"),
        seen=seen,
    )
    assert values(left, 0x0040A123) == ["REMOVED", pseudonyms.pseudonym(KEY).decode()]
    assert values(left) == ["Mass", "REMOVED", "Liver", "REMOVED"]
    assert len(values(left, 0x0040A040)) == 8
    assert seen["PS3.15 E.3.4-1:121022/DCM:X"] == 1
    assert seen["own:content:TEXT"] == 2


def test_a_text_that_may_go_goes_but_for_one_that_holds_others() -> None:
    impression = content("TEXT", "121077/DCM", NAME)
    upheld = content("TEXT", "121077/DCM", NAME, content("NUM", "121211/DCM", "12 mm", relation="INFERRED FROM"))
    left = cleaned(impression, upheld)
    assert values(left) == ["REMOVED"]
    assert values(left, 0x0040A040) == ["TEXT", "NUM"]


def test_what_goes_takes_with_it_what_is_below() -> None:
    left = cleaned(content("CONTAINER", "121000/DCM", None, content("TEXT", "1/99LOCAL", "Liver")))
    assert left == []


def test_a_value_of_another_type_than_the_items_goes() -> None:
    item = content("CODE", "121071/DCM", "4147007/SCT")
    item.PersonName, item.TextValue, item.UID = NAME, NAME, "1.2.3.4"
    left = cleaned(item)
    assert [tag for tag in (0x0040A123, 0x0040A124, 0x0040A160) if find(left[0], tag)] == []


@pytest.mark.parametrize(
    ("value", "shown"), [("57 a", "57"), ("93 a", "90"), ("1200 mo", "1080"), ("93 mm", "0"), ("93 d", "93")]
)
def test_ages_end_at_ninety(value: str, shown: str) -> None:
    left = cleaned(content("NUM", "121033/DCM", value))
    measured = find(left[0], 0x0040A300)
    assert measured is not None
    assert measured.items is not None
    assert text_of(measured.items[0], 0x0040A30A) == shown


def test_dates_move_and_times_stay() -> None:
    left = cleaned(
        content("DATE", "111018/DCM", "20190102"),
        content("TIME", "111019/DCM", "101112"),
        content("DATETIME", "1/99LOCAL", "20190102101112"),
        content("DATETIME", "113723/DCM", "20181201"),
        content("DATE", "111018/DCM", "yesterday"),
    )
    day = dates.shifted_date(b"20190102", dates.days_back(KEY))
    assert day is not None
    assert values(left, 0x0040A121) == [day.decode(), "19000101"]
    assert values(left, 0x0040A122) == ["101112"]
    assert values(left, 0x0040A120) == [day.decode() + "101112", "19000101000000"]


def test_references_by_position_follow_their_item() -> None:
    left = cleaned(
        content("TEXT", "121022/DCM", "gone"),
        content(
            "CONTAINER", "121070/DCM", None, content("TEXT", "125010/DCM", "gone"), content("TEXT", "1/L", "Liver")
        ),
        content("NUM", "121211/DCM", "12 mm", by_reference(1, 2, 2), by_reference(1, 1), by_reference(1, 9)),
    )
    places = references(left)
    assert len(places) == 2
    assert values([at(left, places[0])]) == ["Liver"]
    assert values([at(left, places[1])]) == ["REMOVED"]  # it would have gone, but is referred to


def test_a_reference_to_what_had_to_go_goes_too() -> None:
    left = cleaned(
        content("CONTAINER", "121000/DCM", None, content("TEXT", "1/L", "Liver")),
        content("NUM", "121211/DCM", "12 mm", by_reference(1, 1, 1), by_reference(1, 2)),
    )
    assert references(left) == [(1, 1)]


def test_coordinates_keep_the_image_that_they_were_selected_from() -> None:
    image = content("IMAGE", "121080/DCM", "1.2.3.4", relation="SELECTED FROM")
    left = cleaned(content("SCOORD", "111030/DCM", [1.0, 2.0], image), content("IMAGE", "121080/DCM", "1.2.3.4"))
    assert values(left, 0x0040A040) == ["SCOORD", "IMAGE"]


def test_items_that_refer_to_each_other_in_a_circle_are_read_once() -> None:
    one = content("NUM", "121211/DCM", "1 mm", by_reference(1, 2))
    two = content("NUM", "121211/DCM", "2 mm", by_reference(1, 1), by_reference(1, 2, 1))
    assert references(cleaned(one, two)) == [(1, 2), (1, 1)]


def test_big_endian_positions_are_read_and_written() -> None:
    items = tree(
        content("TEXT", "121022/DCM", "gone"),
        content("NUM", "121211/DCM", "1 mm", by_reference(1, 3)),
        content("CODE", "121071/DCM", "1/SCT"),
    )
    reference = items[1][-1].items[0]  # type: ignore[index]  # built above
    for element in reference:
        if element.tag == 0x0040DB73:
            element.value = b"\0\0\0\1\0\0\0\3"
    left = clean_content(items, CONTENT, tools(little=False))
    found = find(find(left[0], CONTENT).items[0], 0x0040DB73)  # type: ignore[union-attr,index]  # built above
    assert found is not None
    assert bytes(found.value) == b"\0\0\0\1\0\0\0\2"


def test_each_item_is_read_in_the_nearest_character_set() -> None:
    inner = content("TEXT", "1/L", "Liver")
    outer = content("CONTAINER", "121070/DCM", None, inner, content("TEXT", "1/L", "Mass"))
    outer.SpecificCharacterSet, inner.SpecificCharacterSet = "ISO_IR 192", "ISO_IR 144"
    seen = []

    def walk(elements: Tree, where: Where, made: Mapping[int, Decision]) -> Tree:
        seen.append((len(where.path), None if where.charset is None else where.charset.text().decode()))
        return elements

    clean_content(tree(content("TEXT", "1/L", "Liver"), outer), CONTENT, Tools(walk, RESEARCH, True))
    assert seen == [(1, None), (1, None), (2, "ISO_IR 192"), (2, "ISO_IR 192")]


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
