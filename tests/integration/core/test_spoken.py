"""A sentence with words in its places is English as it stands, and translated whole where it is shown."""

import json
import pickle
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.template import Context, Template

from core.spoken import said, said_again
from core.texts import Filled, in_a_row
from tests.integration.consent.pseudo import pseudo, spoken

#: Both are texts of ours, so the invented language knows them.
YES = "Yes"
OUTSIDE = "The consent says {term}, and the use is commercial."


def test_it_is_the_english_sentence_to_whatever_knows_no_translations() -> None:
    sentence = Filled(OUTSIDE, term="{NCU}")
    plain = "The consent says {NCU}, and the use is commercial."
    assert sentence == plain
    assert {sentence: 1}[plain] == 1
    assert json.dumps([sentence]) == json.dumps([plain])
    assert sorted([sentence, "A"]) == ["A", plain]
    assert said(sentence) == plain


def test_of_what_was_kept_only_our_own_words_are_translated(settings: Any) -> None:
    with spoken(settings):
        kept = OUTSIDE.format(term=YES)
        around = pseudo(OUTSIDE)
        assert said_again(kept, [OUTSIDE], ours=["term"]) == around.format(term=pseudo(YES))
        assert said_again(kept, [OUTSIDE], ours=[]) == around.format(term=YES), "what a steward wrote stays"


@pytest.mark.parametrize("copied", [deepcopy, lambda text: pickle.loads(pickle.dumps(text))], ids=["copy", "pickle"])
def test_a_copy_is_filled_too(copied: Any) -> None:
    sentence = copied(Filled(OUTSIDE, term=Filled(YES)))
    assert (sentence.template, sentence.words) == (OUTSIDE, {"term": YES})
    assert isinstance(sentence.words["term"], Filled)


def test_words_that_are_to_be_translated_are_and_others_stay(settings: Any) -> None:
    with spoken(settings):
        around = pseudo(OUTSIDE)
        assert said(Filled(OUTSIDE, term=Filled(YES))) == around.format(term=pseudo(YES))
        assert said(Filled(OUTSIDE, term=YES)) == around.format(term=YES), "what a steward wrote stays"
        assert said(Filled(OUTSIDE, term="{0}%s{term}")) == around.format(term="{0}%s{term}")
        assert said(Filled(OUTSIDE, term=date(2026, 1, 31))) != around.format(term="2026-01-31")
        assert said(in_a_row([YES, Filled(OUTSIDE, term="ψ")])) == f"{pseudo(YES)} {around.format(term='ψ')}"


def test_nothing_says_nothing(settings: Any) -> None:
    """The empty text of a catalogue is its own head."""
    with spoken(settings):
        assert [said(""), said(in_a_row([])), said(Filled(""))] == ["", "", ""]


def test_a_place_without_its_word_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Filled(OUTSIDE, other="ψ")


def test_a_page_escapes_it_as_any_other_text() -> None:
    page = Template("{% load design %}{{ text|said }}").render(Context({"text": Filled(OUTSIDE, term="<b>")}))
    assert page == OUTSIDE.format(term="&lt;b&gt;")
