"""Content items go, are cleaned or stay with their values; the tree that is left is valid and its links hold."""

from collections import Counter
from collections.abc import Mapping

import pytest

from curation.deid.content.trees import Tools, Where, clean_content
from curation.deid.decide import Decision
from curation.deid.files.tree import Dataset as Tree
from curation.deid.files.tree import find, text_of
from curation.deid.values import dates, pseudonyms

from .content_trees import (
    CONTENT,
    KEY,
    RESEARCH,
    Seen,
    at,
    cleaned,
    references,
    tools,
    values,
)
from .reports import NAME, by_reference, content, tree


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
