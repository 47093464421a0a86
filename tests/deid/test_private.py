"""Private elements are known by their creator and by nothing else, and a safe one may hold only what its VR says."""

import io
import json
import struct
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom._private_dict import private_dictionaries

import curation.deid
from curation.deid import Cleaned, deidentify, derive_subject_key
from curation.deid.actions import Action
from curation.deid.files.representations import NUMERIC
from curation.deid.files.tree import Dataset, Element
from curation.deid.private import safe as private
from curation.deid.private.acquisition import ACQUISITION, TECHNICAL_TERMS
from curation.deid.private.actions import are_numbers, private_action
from curation.deid.standard.profile import BASIC

from . import siemens

BLOCKS = st.integers(0x10, 0xFF)
ROWS = sorted(private.SAFE_PRIVATE)
TABLE = json.loads((Path(curation.deid.__file__).parent / "data" / "safe_private.json").read_text())["rows"]


def reserved(tag: int, creator: bytes) -> Element:
    """A private creator element."""
    return Element(tag, "LO", creator + b" " * (len(creator) % 2))


def dataset(*elements: tuple[int, bytes]) -> Dataset:
    """Elements in the order given; creators as LO, the others as UN."""
    return [reserved(tag, value) if tag & 0xFFFF < 0x100 else Element(tag, "UN", value) for tag, value in elements]


@given(st.sampled_from(ROWS), BLOCKS)
def test_a_safe_attribute_is_known_in_any_block(row: tuple[str, int], block: int) -> None:
    creator, tag = row
    found = private.safe(creator, tag | block << 8)
    assert found is not None
    assert found is private.SAFE_PRIVATE[row]


@given(st.sampled_from(ROWS), BLOCKS, st.sampled_from(["", "OTHER", "gems_parm_01", "SIEMENS MR HEADER "]))
def test_no_attribute_is_known_by_its_number_alone(row: tuple[str, int], block: int, creator: str) -> None:
    assert private.safe(creator, row[1] | block << 8) is None


def test_all_of_the_standards_list_is_carried() -> None:
    assert sum(map(len, TABLE.values())) == 479
    for creator, tag, vr in [("GEMS_PARM_01", 0x00431039, "IS"), ("SIEMENS MR HEADER", 0x0019110E, "FD")]:
        row = private.safe(creator, tag)
        assert row is not None
        assert (row.vr, row.rule[:15]) == (vr, private.SAFE_PRIVATE_TABLE)


def test_our_own_list_holds_numbers_only_and_agrees_with_the_dictionary() -> None:
    for creator, tag, vr, _, _ in ACQUISITION:
        key = f"{tag >> 16:04X}xx{tag & 0xFF:02X}"
        assert vr in NUMERIC | {"DS", "IS"}
        assert key not in TABLE.get(creator, {})
        known = private_dictionaries.get(creator)
        assert known is None or known[key][0] == vr


def test_creators_are_those_before_their_elements_named_once_in_range() -> None:
    elements = dataset(
        (0x00050010, b"GEMS_PARM_01"),  # a group that private elements may not use
        (0x00090010, b"GOOD"),
        (0x00091001, b"a"),
        (0x00110010, b"TWICE"),
        (0x00110010, b"TWICE"),
        (0x00111001, b"a"),
        (0x00131001, b"a"),
        (0x00130010, b"LATE"),
        (0x00150009, b"BELOW"),
        (0x00150901, b"a"),
        (0x00170010, b""),
        (0x00171001, b"a"),
        (0x00190010, b"K\xfcnigunde"),
        (0x00191001, b"a"),
        (0x001900FF, b"LAST"),
        (0x0019FF01, b"a"),
    )
    assert private.creators(elements) == {0x000910: "GOOD", 0x0019FF: "LAST"}


def test_trailing_padding_is_no_part_of_a_creator_but_leading_is() -> None:
    for written in (b"GEMS_PARM_01", b"GEMS_PARM_01  ", b"GEMS_PARM_01\0\0", b"GEMS_PARM_01 \0"):
        assert private.creators([Element(0x00430010, "LO", written)]) == {0x004310: "GEMS_PARM_01"}
    assert private.creators([Element(0x00430010, "LO", b" GEMS_PARM_01 ")]) == {0x004310: " GEMS_PARM_01"}


def test_a_creator_that_is_a_sequence_or_long_names_nothing() -> None:
    assert private.creators([Element(0x00430010, "SQ", items=[])]) == {}
    assert private.creators([Element(0x00430010, "LO", b"x" * 80)]) == {}


def test_only_creators_with_a_kept_element_stay_and_their_text_is_the_lists() -> None:
    known = {0x004310: "GEMS_PARM_01", 0x004311: "OTHER"}
    kept = {0x00431039: Element(0x00431039, "IS", b"1000"), 0x00100010: Element(0x00100010, "PN", b"")}
    with_them = private.with_creators(dict(kept), known)
    assert sorted(with_them) == [0x00100010, 0x00430010, 0x00431039]
    assert (with_them[0x00430010].vr, bytes(with_them[0x00430010].value)) == ("LO", b"GEMS_PARM_01")
    assert private.with_creators({}, known) == {}


@pytest.mark.parametrize(("creator", "tag"), ROWS)
def test_every_safe_attribute_is_still_cleaned_by_its_vr(creator: str, tag: int) -> None:
    row = private.SAFE_PRIVATE[creator, tag]
    action, rule = private_action(row, row.vr)
    expected = {
        "CS": Action.CODE_STRING,
        "DS": Action.NUMBER,
        "IS": Action.NUMBER,
        "LO": Action.TERM if row.term else Action.TEXT,
        "SH": Action.TERM if row.term else Action.TEXT,
        "SQ": Action.WALK,
        "UI": Action.UID,
    } | dict.fromkeys(NUMERIC, Action.KEEP)
    assert action is expected.get(row.vr, Action.REMOVE)
    assert rule.startswith((private.SAFE_PRIVATE_TABLE, "own:"))
    assert private_action(row, "UN")[0] is Action.REMOVE
    assert private_action(row, "OB")[0] is Action.REMOVE


def test_technical_terms_are_texts_of_the_standards_list() -> None:
    assert all(private.SAFE_PRIVATE[place].vr in ("LO", "SH") for place in TECHNICAL_TERMS)
    assert sum(row.term for row in private.SAFE_PRIVATE.values()) == len(TECHNICAL_TERMS)


def test_what_is_not_safe_goes() -> None:
    assert private_action(None, "DS") == (Action.REMOVE, "PS3.15 E.1-1:private:X")
    assert private.safe("SIEMENS CSA HEADER", 0x00291010) is None


def test_the_vr_is_the_lists_then_the_dictionarys_then_unknown() -> None:
    assert private.private_vr("GEMS_PARM_01", 0x00431139) == "IS"
    assert private.private_vr("SIEMENS MEDCOM HEADER", 0x00291040) == "SQ"
    assert private.private_vr("SIEMENS MEDCOM HEADER", 0x002910EE) == "UN"
    assert private.private_vr("", 0x00291040) == "UN"


@given(st.sampled_from(["FD", "FL"]), st.lists(st.floats(-1e9, 1e9, width=32), max_size=6), st.booleans())
def test_quantities_are_numbers(vr: str, numbers: list[float], little: bool) -> None:
    form = ("<" if little else ">") + ("d" if vr == "FD" else "f") * len(numbers)
    assert are_numbers(struct.pack(form, *numbers), vr, little)


@pytest.mark.parametrize(
    ("value", "vr"),
    [
        (b"Kunigunde", "FD"),
        (b"Kunigund", "FD"),
        (b"Kuni", "FL"),
        (struct.pack("<d", float("nan")), "FD"),
        (struct.pack("<f", float("inf")), "FL"),
        (b"abc", "US"),
        (b"abc", "SL"),
        (b"ab", "AT"),
    ],
)
def test_text_is_no_number(value: bytes, vr: str) -> None:
    assert not are_numbers(value, vr, True)


def planted() -> pydicom.Dataset:
    """An object with safe private elements that hold what they should, and what they should not, in odd blocks."""
    ds = pydicom.dcmread(io.BytesIO(siemens.mosaic(1, 0, "1.2.3.4.5", None)))
    for tag, creator in ((0x00430011, "GEMS_PARM_01"), (0x00430012, "ELSE"), (0x20010077, "Philips Imaging DD 001")):
        ds.add_new(tag, "LO", creator)
    for tag, creator in ((0x20050010, "Philips MR Imaging DD 001"), (0x00990010, "NQHeader"), (0x00450010, "LATER")):
        ds.add_new(tag, "LO", creator)
    inner = pydicom.Dataset()
    inner.PatientName = "Zwetschgenbaum^Kunigunde"
    inner.add_new(0x20010020, "LO", "Philips Imaging DD 001")
    inner.add_new(0x2001202D, "SS", 4)
    inner.add_new(0x2001205D, "ST", "Kunigunde")
    inner.add_new(0x2001772D, "SS", 5)  # the block of the outer item
    for tag, vr, value in (
        (0x00431139, "IS", ["1000", "0", "0", "0"]),
        (0x00431127, "SH", "0.984:1"),
        (0x00431239, "IS", "1000"),
        (0x20017703, "FL", 700.0),
        (0x20017704, "CS", "ZWETSCHGENBAUM"),
        (0x2001776D, "LO", "Zwetschgenbaum"),
        (0x2001775F, "SQ", [inner]),
        (0x200510B0, "FL", float("nan")),
        (0x200510B1, "FL", 0.5),
        (0x00991002, "UI", "1.2.3.4.5"),
        (0x00991005, "LT", "Kunigunde"),
        (0x00451001, "SS", 16),
    ):
        ds.add_new(tag, vr, value)
    return ds


def test_the_engine_keeps_safe_private_values_and_cleans_them() -> None:
    out = io.BytesIO()
    planted().save_as(out)
    result = deidentify(out.getvalue(), key=derive_subject_key(b"k" * 32, "donor"))
    assert isinstance(result, Cleaned)
    after = pydicom.dcmread(io.BytesIO(result.data))
    creators = {int(e.tag): e.value for e in after if e.tag.is_private_creator}
    assert creators == {
        0x00430011: "GEMS_PARM_01",
        0x00990010: "NQHeader",
        0x20010077: "Philips Imaging DD 001",
        0x20050010: "Philips MR Imaging DD 001",
    }
    kept = {int(e.tag) for e in after if e.tag.is_private and not e.tag.is_private_creator}
    assert kept == {0x00431139, 0x00431127, 0x20017703, 0x2001775F, 0x200510B1, 0x00991002}
    assert list(after[0x00431139].value) == [1000, 0, 0, 0]
    assert after[0x20017703].value == 700.0
    assert after[0x00991002].value == after.SeriesInstanceUID
    item = after[0x2001775F].value[0]
    assert {int(e.tag) for e in item if e.tag.is_private} == {0x20010020, 0x2001202D}
    assert item[0x2001202D].value == 4
    assert str(item.PatientName) == str(after.PatientName)
    for name in (b"Kunigunde", b"Zwetschgenbaum", b"ZWETSCHGENBAUM", b"ELSE", b"LATER"):
        assert name not in result.data


def test_no_private_element_passes_without_the_option() -> None:
    out = io.BytesIO()
    planted().save_as(out)
    result = deidentify(out.getvalue(), key=derive_subject_key(b"k" * 32, "donor"), profile=BASIC)
    assert isinstance(result, Cleaned)
    assert not any(e.tag.is_private for e in pydicom.dcmread(io.BytesIO(result.data)).iterall())
