"""The gate finds every planted value in each encoding, finds nothing in clean files, and names kinds only."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from curation.deid import Quarantined, deidentify, derive_subject_key
from curation.deid.files.tree import Element
from curation.deid.gates.gate import NO_TRACES, Gate, texts_of, words_gone
from curation.deid.texts.facts import NOTHING, Facts
from curation.deid.texts.words import clean_text

from . import corpus

KEY = derive_subject_key(b"k" * 32, "donor")
FACTS = Facts(
    names=frozenset({"Zwetschgenbaum^Kunigunde", "Li^Wu", "Жуков^Рóза", "山田^太郎"}),
    ids=frozenset({"PAT-7734921", "4711", "00012345678"}),
    births=frozenset({"19610417"}),
    places=frozenset({"Klinikum Großhadern"}),
)
GATE = Gate(FACTS)
UID = b"1.2.840.99999.1.77"
SPELLED = {
    "name": ["Zwetschgenbaum", "KUNIGUNDE", "Жуков", "山田"],
    "id": ["PAT-7734921", "pat7734921", "12345678"],
    "date": ["19610417"],
    "place": ["klinikum", "Grosshadern", "Großhadern"],
}
ANYWHERE = [(kind, spelled) for kind, all_spelled in SPELLED.items() for spelled in all_spelled]
ENCODINGS = ["utf-8", "utf-16-le", "utf-16-be", "latin-1", "iso2022_jp_2", "gb18030", "shift_jis", "iso8859_5"]


def slow_search(haystack: bytes, spelled: str) -> bool:
    """The oracle: whether a value stands in the bytes in any encoding, tried one by one."""
    found = False
    for encoding in ENCODINGS:
        try:
            found |= spelled.lower().encode(encoding) in haystack.lower()
        except UnicodeEncodeError:
            continue
    return found


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ANYWHERE), st.sampled_from(ENCODINGS), st.binary(max_size=40), st.binary(max_size=40))
def test_a_planted_value_is_found_among_any_bytes(
    planted: tuple[str, str], encoding: str, before: bytes, after: bytes
) -> None:
    kind, spelled = planted
    try:
        written = before + b"\0" + spelled.encode(encoding) + b"\0\0" + after
    except UnicodeEncodeError:
        return
    after_digits = spelled[-1].isdigit() and after.lstrip(b"\0")[:1].isdigit()
    before_digits = spelled[0].isdigit() and before.rstrip(b"\0")[-1:].isdigit()
    if not (after_digits or before_digits):
        assert kind in GATE.hits([GATE.traces(written, [])])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=30))
@example(b"\0PAT-7734921", "")
def test_what_the_gate_finds_in_bytes_stands_there(noise: bytes, text: str) -> None:
    written = noise + text.encode()
    if "name" in GATE.traces(written, []).kinds:
        assert any(slow_search(written, spelled) for spelled in SPELLED["name"] + ["рóза", "太郎", "роза"])


@pytest.mark.parametrize("text", ["Li", "by WU", "li^wu", "4711", "00004711", "17.4.61", "17APR1961"])
def test_short_values_are_found_as_whole_words_of_texts_only(text: str) -> None:
    assert GATE.hits([GATE.traces(b"", [b"head", text.encode()])])
    assert GATE.hits([GATE.traces(text.encode(), [])]) == []


@pytest.mark.parametrize("text", ["Lime", "wuerg", "147112", "x47110", "20150304", "head", "CT NO"])
def test_other_words_are_no_hits(text: str) -> None:
    assert GATE.hits([GATE.traces(text.encode(), [text.encode()])]) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "iso8859_5", "gb18030"])
def test_short_names_of_other_scripts_are_found_in_texts(encoding: str) -> None:
    gate = Gate(Facts(names=frozenset({"Жук^А", "李^伟"})))
    for name in ("Жук", "李"):
        text = name.encode(encoding if name == "Жук" else "utf-8")
        assert gate.hits([gate.traces(text, [text])]) == ["name"]


def test_letters_that_stand_for_another_script_elsewhere_are_no_hit() -> None:
    gate = Gate(Facts(names=frozenset({"\u6d69\u6761", "李^\u6e67"})))  # their bytes read "im" and "ag" in UTF-16
    assert gate.traces(b"ORIGINAL imag imaging", [b"imaging"]).kinds == frozenset()
    assert gate.traces("\u6d69\u6761".encode("iso2022_jp_2")).kinds == {"name"}


def test_a_number_within_a_longer_one_is_no_hit() -> None:
    assert GATE.traces(b"2.25.9196104179999999999999 912345678 123456789", []).kinds == frozenset()
    assert GATE.traces(b"a19610417b").dates == {"19610417"}


@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le", "utf-16-be"])
def test_uids_of_this_file_are_found_from_the_traces_of_any_piece(encoding: str) -> None:
    traces = [NO_TRACES, GATE.traces(b"UI\x12\0" + UID.decode().encode(encoding) + b"\0\0", [])]
    assert GATE.hits(traces, uids=frozenset({UID})) == ["uid"]
    assert GATE.hits(traces, uids=frozenset({UID[:-1], UID + b".1"})) == []
    assert GATE.hits([GATE.traces(b"\x000" + UID, [])], uids=frozenset({UID})) == ["uid"]


def test_days_of_this_file_are_found_from_the_traces_of_any_piece() -> None:
    traces = [GATE.traces(b"", [b"20180607101112.5 "])]
    assert GATE.hits(traces, dates=frozenset({"20180607"})) == ["date"]
    assert GATE.hits(traces, dates=frozenset({"20180608"})) == []


def test_a_day_that_another_was_moved_to_is_right_where_it_stands() -> None:
    traces = [GATE.traces(b"DA\x08\x0019610417", [b"19610417"])]
    assert GATE.hits(traces) == ["date"]
    assert GATE.hits(traces, moved=frozenset({"19610417"})) == []
    assert GATE.hits(traces, dates=frozenset({"19610417"}), moved=frozenset({"19610417"})) == []


def test_distinctive_words_of_removed_texts_are_found() -> None:
    traces = [GATE.traces(b"", [b"Scan of Quacksalberei, thorax"])]
    assert GATE.hits(traces, words=frozenset({"quacksalberei"})) == ["text"]
    assert GATE.hits(traces, words=frozenset({"thorax"})) == []
    assert words_gone(traces, [Facts(words=frozenset({"quacksalberei", "elsewhere"})), NOTHING]) == {"quacksalberei"}
    assert (
        words_gone(traces, [FACTS, Facts(words=frozenset({"quacksalberei"}), kept=frozenset({"quacksalberei"}))])
        == set()
    )
    assert GATE.traces(b"", [b"Rhapsode"], kept=frozenset({"rhapsode"})) is NO_TRACES


def test_nothing_is_looked_for_where_nothing_is_known() -> None:
    assert Gate(NOTHING).traces(b"any bytes at all", [b"and words"]) is NO_TRACES


def test_texts_are_those_that_people_read() -> None:
    item = [Element(0x00080104, "LO", b"Li"), Element(0x00280010, "US", b"\1\0")]
    item.insert(0, Element(0x00080100, "SH", b"121110"))
    claims = Element(0x00120064, "SQ", items=[item])
    dataset = [Element(0x00080060, "CS", b"CT"), Element(0x00081140, "SQ", items=[item]), claims]
    assert list(texts_of(dataset)) == [b"Li"]


PIECES = "head CT T1 3.0 mm Müller 04 03 1961 / - . _ ^ mar 12 x , : Dr. GTV p w/o \\ 7734921 LungLeft ü ß 00 HEAD:HEAD"
TITLES = st.lists(st.sampled_from([*PIECES.split(), " "]), max_size=14).map("".join) | st.text(max_size=40)


@settings(max_examples=200, deadline=None)
@given(TITLES, TITLES, TITLES)
def test_what_the_cleaner_keeps_passes_the_gate(name: str, number: str, place: str) -> None:
    gate = Gate(Facts(frozenset({name}), frozenset({number}), frozenset({"19610304"}), places=frozenset({place})))
    kept = clean_text(f"{name} {place} {number}".encode(), ["utf8"], gate.echoes)
    if kept is not None:
        assert gate.traces(kept, [kept]).kinds == frozenset()
        assert clean_text(kept, ["latin_1"], gate.echoes) == kept


def test_no_real_file_is_held_back_by_a_false_alarm() -> None:
    held = []
    for path in corpus.files():
        result = deidentify(path.read_bytes(), key=KEY)
        if isinstance(result, Quarantined) and result.reason == "residual_identity":
            held.append(corpus.short_name(path))
    assert held == []
