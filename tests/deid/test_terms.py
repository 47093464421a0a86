"""Technical terms, codes, numbers and defined terms pass only when they are such; a stranger's name never does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.deid.files.tree import Element
from curation.deid.standard.coding_schemes import CODING_SCHEMES
from curation.deid.standard.strengthening import TERMS
from curation.deid.texts.codes import Code, is_code, is_meaning, is_version
from curation.deid.texts.facts import gather
from curation.deid.texts.technical import clean_term, is_plain_code_string
from curation.deid.values.terms import is_charset, is_numeric, tells_someone

MAKER, MODEL, SOFTWARE, SEQUENCE, KERNEL, WINDOW = (
    0x00080070,
    0x00081090,
    0x00181020,
    0x00180024,
    0x00181210,
    0x00281055,
)


@pytest.mark.parametrize("tag", sorted(TERMS))
def test_no_technical_attribute_keeps_a_strangers_name_number_or_day(tag: int) -> None:
    kept = clean_term("Jane Smithers 030-1234567 12.03.2018", tag)
    assert not any(part in kept for part in ("Jane", "Smithers", "1234567", "030", "2018"))
    assert clean_term("Jane Smithers", tag) == ""


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (MAKER, "GE MEDICAL SYSTEMS"),
        (MAKER, "SonoSite, Inc."),
        (MODEL, "SOMATOM Definition AS+"),
        (MODEL, "LightSpeed Plus"),
        (MODEL, "MRT50H1"),
        (SOFTWARE, "syngo MR 2004V 4VB11D"),
        (SOFTWARE, "EPIQ 7C_1.7.1.24"),
        (SOFTWARE, "1.0.3.37"),
        (SEQUENCE, "*fl3d1"),
        (KERNEL, "B30f"),
        (KERNEL, "BONEPLUS"),
        (WINDOW, "WINDOW1"),
    ],
)
def test_terms_of_real_devices_stay(tag: int, value: str) -> None:
    assert clean_term(value, tag) == value


def test_what_is_not_known_of_a_maker_goes_and_the_rest_stays() -> None:
    assert clean_term("GE MEDICAL Smithers SYSTEMS", MAKER) == "GE MEDICAL SYSTEMS"
    assert clean_term("WINDOW Smithers", WINDOW) == ""
    assert clean_term("Dr Long LightSpeed Plus", MODEL) == "Plus"


@given(st.sampled_from(sorted(TERMS)), st.integers(10**4, 10**15).map(str))
def test_a_long_number_is_no_term(tag: int, number: str) -> None:
    assert number not in clean_term(f"LightSpeed {number}", tag)


@pytest.mark.parametrize("scheme", sorted(CODING_SCHEMES))
def test_a_name_is_no_code(scheme: str) -> None:
    assert not is_code("JANEFIELDS", scheme)
    assert not is_code("Jane Fields", scheme)


@pytest.mark.parametrize(
    ("value", "scheme"),
    [
        ("111111", "DCM"),
        ("CT", "DCM"),
        ("69536005", "SCT"),
        ("T-A0100", "SRT"),
        ("18782-3", "LN"),
        ("mm", "UCUM"),
        ("ml/100ml/s", "UCUM"),
        ("uV", "UCUM"),
        ("[hnsf'U]", "UCUM"),
        ("5.6.3-9-62", "SCPECG"),
        ("RID11588", "RADLEX"),
        ("2:23728", "MDC"),
    ],
)
def test_codes_of_public_schemes_stay(value: str, scheme: str) -> None:
    assert is_code(value, scheme)


def test_every_code_that_the_standard_lists_is_one() -> None:
    from pydicom.sr._concepts_dict import concepts

    listed = (
        (scheme, value) for scheme in CODING_SCHEMES for codes in concepts.get(scheme, {}).values() for value in codes
    )
    assert all(is_code(value, scheme) for scheme, value in listed)


def test_a_meaning_is_that_of_the_standard() -> None:
    assert is_meaning("Segmentation", Code("DCM", "113076"))
    assert not is_meaning("Jane Fields", Code("DCM", "113076"))
    assert is_version("20061023")
    assert is_version("1.5")
    assert not is_version("JANE FIELDS")


def test_numbers_that_say_who_someone_is_are_no_quantities() -> None:
    ids, days = {"876543"}, {"20190312"}
    assert tells_someone(b"1\\876543", "IS", ids, days)
    assert tells_someone(b"20190312", "DS", ids, days)
    assert tells_someone(b"+491701234567", "DS", ids, days)
    assert tells_someone(b"4915112345678", "IS", ids, days)
    assert not tells_someone(b"1.876543\\20190313\\-0.12345678e-3", "DS", ids, days)
    assert is_numeric(b"-1.5\\.5\\1e-3 ")
    assert not is_numeric(b"030-1234-567")


def test_code_strings_of_several_words_are_words() -> None:
    assert is_plain_code_string(b"FOR PRESENTATION")
    assert is_plain_code_string(b"CSA MPR")
    assert is_plain_code_string(b"M_FFE")
    assert not is_plain_code_string(b"JANE FIELDS")
    assert not is_plain_code_string(b"A1234567")


def test_character_sets_are_those_of_the_standard() -> None:
    assert all(map(is_charset, (b"ISO_IR 192", b"ISO IR 100", b"iso_ir 100 ", b"ISO 2022 IR 87", b"", b"GB18030")))
    assert not is_charset(b"JOHN")
    assert not is_charset(b"JANE FIELDS")


@pytest.mark.parametrize(("written", "declared"), [("utf-8", "latin_1"), ("latin-1", "utf8")])
def test_a_name_in_another_character_set_than_declared_is_known(written: str, declared: str) -> None:
    names = gather(Element(0x00100010, "PN", "Müller^Eva".encode(written)), [declared]).names
    assert "Müller^Eva" in names
