"""Who a study is about is gathered from every element, merged over files, and recognised in however it is written."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from curation.deid import Cleaned, Deidentifier, derive_subject_key
from curation.deid.files.container import read_container
from curation.deid.files.tree import Dataset, Element
from curation.deid.gates.gate import Gate
from curation.deid.reading.parse import Parser
from curation.deid.reasons import Refused
from curation.deid.texts.echoes import Echoes
from curation.deid.texts.facts import NOTHING, Facts, facts_of, gather
from curation.deid.texts.spellings import foldings
from curation.deid.texts.words import clean_text
from curation.deid.texts.written_dates import dates_in

from . import checker, planted

KEY = derive_subject_key(b"k" * 32, "donor")
BIRTH = "19610304"
SOMEONE = Facts(
    names=frozenset({"Müller-Lüdenscheidt^Jürgen^^Dr", "Li^Wei", "O'Brien^Siobhán", "Sørensen^Åse", "No^Ct"}),
    ids=frozenset({"PAT-7734921", "0012345", "X-77.34.92"}),
    births=frozenset({BIRTH}),
    places=frozenset({"Klinikum Großhadern", "Heart Center", "Pflaumenweg 7", "SIEMENS Test"}),
    kept=frozenset({"siemens"}),
)
ECHOES = Echoes(SOMEONE)


def tree(data: bytes) -> Dataset:
    """A file as the engine reads it."""
    container = read_container(data)
    return Parser(container.data).root(container.start, container.encoding)


def test_facts_are_found_at_every_depth() -> None:
    facts = facts_of(tree(planted.as_file(planted.dataset())))
    assert facts.names == {planted.NAME, "Dr. Quacksalber"}
    assert {planted.NUMBER, "7734921"} <= facts.ids
    assert facts.births == {planted.BIRTH}
    assert {"20190102", "20190103", "20181201"} <= facts.dates
    assert "Dr. Quacksalber" in facts.places
    assert "kunigunde" in facts.words | facts.kept


def test_facts_merge_and_hide() -> None:
    one, other = Facts(names=frozenset({"A^B"})), Facts(names=frozenset({"C^D"}), births=frozenset({BIRTH}))
    assert one | other == other | one == Facts(names=frozenset({"A^B", "C^D"}), births=frozenset({BIRTH}))
    assert hash(one | other) == hash(other | one)
    assert one | NOTHING is one
    assert NOTHING | one is one
    assert "A^B" not in repr(one)


def test_an_element_without_facts_costs_nothing() -> None:
    assert gather(Element(0x00280010, "US", b"\x10\0"), ["iso8859"]) is NOTHING
    assert gather(Element(0x00100020, "LO", b""), ["iso8859"]) is NOTHING
    assert gather(Element(0x00100020, "LO", b"UNKNOWN "), ["iso8859"]) == NOTHING


def test_names_are_decoded_in_their_character_set() -> None:
    element = Element(0x00100010, "PN", "Yamada^Tarou=山田^太郎".encode("iso2022_jp"))
    assert gather(element, ["iso8859", "iso2022_jp"]).names == {"Yamada^Tarou=山田^太郎"}
    assert gather(Element(0x00100010, "PN", b"M\xfcller^J"), ["latin_1"]).names == {"Müller^J"}


@pytest.mark.parametrize("declared", ["latin_1", "utf8", "iso_ir_13"])
@pytest.mark.parametrize(
    ("name", "written"),
    [("Jürgens^Åse", "cp850"), ("Škvořák^Božena", "iso8859_2"), ("İğdır^Şule", "iso8859_9"), ("Jürgens^Åse", "cp1252")],
)
def test_a_name_under_the_wrong_character_set_is_read_as_it_was_meant(name: str, written: str, declared: str) -> None:
    found = gather(Element(0x00100010, "PN", name.encode(written)), [declared])
    assert name in found.names
    assert Echoes(found).within(foldings(name.split("^")[0])[0].encode())


@pytest.mark.parametrize("name", ["Böhm^Jörg", "Fröhlich^Änne", "Weiß^Günther"])
def test_no_part_of_a_word_becomes_a_name_by_another_reading(name: str) -> None:
    found = Echoes(gather(Element(0x00100010, "PN", name.encode("latin-1")), ["latin_1"]))
    assert not any(found.within(text) for text in (b"fr", b"hm", b"wei", b"rg", b"hlich", b"nther"))


@pytest.mark.parametrize(
    "text",
    [
        *("JUERGEN", "jurgen", "Muller", "lüdenscheidt", "scan_Luedenscheidt01", "MuellerHead", "Siobhan", "OBrien"),
        *("Sorensen", "soerensen", "Aase", "ScanLi", "li wei", "Wei^Li", "LI1"),
        *("7734921", "773-49-21", "PAT7734921", "pat 7734921", "12345", "0012345", "X773492", "77 34 92 x77.34.92"),
        *("4.3.61", "04/03/1961", "4MAR1961", "March 4, 1961", "'61-03-04", "610304", "19610304101112", "3/4/61"),
        *("4. März 1961", "4 mars 61", "klinikum", "Grosshadern", "heart center", "Pflaumenweg"),
        *("JM 2019-05-01", "lw 1.5.19"),
    ],
)
def test_an_echo_is_recognised(text: str) -> None:
    assert ECHOES.within(text.encode("latin-1"))


@pytest.mark.parametrize(
    "text", ["CT", "NO", "Heart", "Dr", "SIEMENS", "B30f", "20190501", "1.2.3", "Lime", "weird", "1961", "syngo VB17"]
)
def test_what_is_no_echo_stays(text: str) -> None:
    assert not ECHOES.within(text.encode())


def test_a_code_of_six_digits_is_no_day() -> None:
    echoes = Echoes(Facts(births=frozenset({"20101112"}), ids=frozenset({"4711"})))
    assert echoes.within(b"121110")
    assert not echoes.within(b"121110", days=False)
    assert echoes.within(b"4711", days=False)


@pytest.mark.parametrize("name", ["Müller", "Sørensen", "Ångström", "Łukasz", "Weiß", "Ægir", "José"])
def test_a_word_is_the_same_with_and_without_its_accents(name: str) -> None:
    assert any(form.isascii() for form in foldings(name))
    assert set(foldings(name.upper())) & set(foldings(name))


@given(
    st.dates(date(1900, 1, 1), date(2049, 12, 31)),
    st.sampled_from(
        ["%Y%m%d", "%d.%m.%Y", "%m/%d/%Y", "%y-%m-%d", "%d%b%Y", "%B %d, %Y", "%d %B %y", "%y%m%d", "%d_%m_%y"]
    ),
)
def test_a_day_is_found_in_each_spelling(day: date, form: str) -> None:
    assert f"{day:%Y%m%d}" in dates_in(f"on {day:{form}} at".lower())


@given(st.text(alphabet="0123456789 ./-abcdefmr", max_size=30))
def test_days_are_days(text: str) -> None:
    for day in dates_in(text):
        date(int(day[:4]), int(day[4:6]), int(day[6:]))


def test_what_another_file_of_the_study_says_is_no_title_here() -> None:
    named, nameless = planted.dataset(), planted.dataset()
    for keyword in ("PatientName", "PatientID", "OtherPatientIDs", "PatientBirthDate"):
        setattr(nameless, keyword, "")
    nameless.ReferencedImageSequence = nameless.RequestAttributesSequence = nameless.AnatomicRegionSequence = []
    nameless.ManufacturerModelName, nameless.SeriesDescription = "Hand 3000", "Hand, knee 17APR61"
    named.PatientName, data = "Hand^Kunigunde", planted.as_file(nameless)
    study = facts_of(tree(planted.as_file(named)))
    alone, known = (Deidentifier(KEY, study=facts).clean(data) for facts in (NOTHING, study))
    assert isinstance(alone, Cleaned)
    assert isinstance(known, Cleaned)
    assert (b"Hand 3000" in alone.data, b"Hand 3000" in known.data) == (True, False)
    assert checker.read(known.data).SeriesDescription == "knee"


def test_a_file_that_names_a_whole_town_is_refused() -> None:
    with pytest.raises(Refused):
        Echoes(Facts(names=frozenset(f"Name{number}" for number in range(20_001))))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.binary(max_size=60))
@example("\uff9e^\uff9e", "\u0130\ufdfa", b"")
def test_no_value_is_too_strange(value: str, other: str, noise: bytes) -> None:
    facts = Facts(frozenset({value}), frozenset({other}), places=frozenset({value, other}), words=frozenset({other}))
    gate = Gate(facts)
    gate.hits([gate.traces(noise, [other.encode(), noise])])
    assert isinstance(gate.echoes.within(noise), bool)
    clean_text(value.encode(), ["utf8"], gate.echoes)
