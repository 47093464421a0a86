"""What was made as if nobody were named is what would have been made for everyone whom its questions do not mean."""

from hypothesis import given, settings
from hypothesis import strategies as st

from curation.deid.gates.gate import NO_TRACES, Gate
from curation.deid.standard.claims import claims
from curation.deid.texts.asked import NOTHING_ASKED
from curation.deid.texts.echoes import Echoes
from curation.deid.texts.facts import Facts
from curation.deid.texts.questions import Questions
from curation.deid.texts.words import clean_text
from curation.deid.units import WRITTEN

PIECES = (
    "head CT HandLeft 3.0 mm w/o contrast without hand 04.03.61 1961 - _ ^ mar 12 4711 0004711 hd42 HEAD:NECK spine"
)
TEXTS = st.lists(st.sampled_from([*PIECES.split(), " "]), max_size=8).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_what_nobodys_names_made_holds_for_whom_it_does_not_mean(text: str, name: str, number: str, place: str) -> None:
    questions, written = Questions(), text.encode()
    free = clean_text(written, ["utf8"], questions)
    asked = questions.taken(free or b"")
    assert asked is not None
    facts = Facts(frozenset({name}), frozenset({number}), frozenset({"19610304"}), places=frozenset({place}))
    echoes = Echoes(facts)
    if echoes.deny([asked]) and not (asked.days and echoes.knows_day(asked.days)):
        assert clean_text(written, ["utf8"], echoes) == free
        assert Gate(facts).found(b"", free or b"") is NO_TRACES


def test_questions_are_taken_once() -> None:
    questions = Questions()
    assert questions.taken() is NOTHING_ASKED
    assert not questions.within(b"Hand 4.3.61")
    assert ("Head" in questions.words, "19610304" in questions.dates) == (False, False)
    asked = questions.taken()
    assert asked is not None
    assert (asked.words, "19610304" in asked.days) == (frozenset({"Head"}), True)
    assert (asked.texts.split(), asked.squeezed) == ([b"Hand", b"4.3.61"], b"hand4361")
    assert questions.taken() is NOTHING_ASKED
    questions.within("Müller".encode())
    assert questions.taken() is None


def test_no_elements_are_made_one_between_which_something_is_written() -> None:
    """Else what the engine says of itself would stand in a wrong place."""
    assert {element.tag for element in claims(frozenset())} | {0x00100010, 0x00100020} == set(WRITTEN)
