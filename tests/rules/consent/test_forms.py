"""Form choices: off until chosen, and the terms are exactly what was answered."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.rules.form_content import FormError, choices_of, content_digest, default_content, parse_content
from consent.rules.forms import Choice, ChoiceError, asked, preview_terms, terms_from_choices
from consent.rules.matching import permits
from consent.rules.terms import Alternative, Modifier, Terms
from consent.rules.use import Organisation, Use

CHOICES = choices_of(default_content())
CODES = [choice.code for choice in CHOICES]
YES = {"commercial_use": True, "train_models": True, "share_weights": True}


def test_nothing_chosen_allows_nothing() -> None:
    assert preview_terms(CHOICES, {}) == Terms()


def test_what_is_open_counts_as_no_in_the_preview() -> None:
    closed = {"commercial_use": False, "train_models": False}
    assert preview_terms(CHOICES, {"health_research": True}) == terms_from_choices(
        CHOICES, {"health_research": True, **closed}
    )


def test_yes_everywhere_restricts_nothing() -> None:
    assert terms_from_choices(CHOICES, {"general_research": True, **YES}) == Terms((Alternative("GRU"),))


def test_each_no_is_its_modifier_on_every_alternative() -> None:
    answers = {"health_research": True, "cancer_research": True, **YES, "commercial_use": False, "share_weights": False}
    modifiers = (Modifier("NPUNCU"), Modifier("NWEIGHTS"))
    expected = Terms((Alternative("HMB", (), modifiers), Alternative("DS", ("MONDO:0004992",), modifiers)))
    assert terms_from_choices(CHOICES, answers) == expected


def test_no_training_means_no_sharing_and_is_not_asked_about_it() -> None:
    answers = {"health_research": True, "commercial_use": True, "train_models": False}
    [sharing] = [choice for choice in CHOICES if choice.code == "share_weights"]
    assert not asked(sharing, answers)
    expected = Terms((Alternative("HMB", (), (Modifier("NTRAIN"), Modifier("NWEIGHTS"))),))
    assert terms_from_choices(CHOICES, answers) == expected
    # A yes left over from before the answer changed allows nothing either.
    assert terms_from_choices(CHOICES, {**answers, "share_weights": True}) == expected


@pytest.mark.parametrize("code", ["commercial_use", "train_models", "share_weights"])
@pytest.mark.parametrize("unanswered", [None, "missing"])
def test_a_question_left_open_is_named(code: str, unanswered: str | None) -> None:
    answers: dict[str, bool | None] = {"health_research": True, **YES, code: None}
    if unanswered == "missing":
        del answers[code]
    with pytest.raises(ChoiceError) as caught:
        terms_from_choices(CHOICES, answers)
    assert list(caught.value.fields) == [code]


@pytest.mark.parametrize(
    "answers", [YES, {**YES, "unknown": True}, {**YES, "health_research": "on"}, {**YES, "health_research": 1}]
)
def test_answers_that_make_no_terms_are_refused(answers: dict[str, Any]) -> None:
    with pytest.raises(ChoiceError, match="Please"):
        terms_from_choices(CHOICES, answers)


@given(st.dictionaries(st.sampled_from(CODES), st.sampled_from([None, False, True])), st.sampled_from(CODES))
def test_taking_back_a_yes_never_allows_more(answers: dict[str, bool | None], code: str) -> None:
    fewer = {**answers, code: False}
    company = Use(general=True, commercial=True, org=Organisation.FORPROFIT)
    training = Use(hmb=True, train_model=True, share_weights=True, commercial=False, org=Organisation.NONPROFIT)
    for use in (company, training, Use(diseases=("MONDO:0008903",), commercial=False, org=Organisation.NONPROFIT)):
        before, after = preview_terms(CHOICES, answers), preview_terms(CHOICES, fewer)
        assert permits(after, use).outcome.severity >= permits(before, use).outcome.severity


def test_the_starting_form_is_publishable_and_fresh_each_time() -> None:
    content = parse_content(default_content())
    assert content.language == "en"
    assert {choice.term for choice in content.choices} == {"GRU", "HMB", "DS", "NPUNCU", "NTRAIN", "NWEIGHTS"}
    default_content()["title"] = "changed"
    assert content_digest(default_content()) == content_digest(default_content())


def test_the_starting_form_never_promises_anonymity() -> None:
    text = str(default_content()).lower()
    assert text.count("anonymous") == text.count("coded and not anonymous") == 1


def change(path: str, value: Any) -> dict[str, Any]:
    """The starting form with the part at `path` (keys and places joined by dots) put to `value`."""
    content = copy.deepcopy(default_content())
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    part: Any = content
    for step in way:
        part = part[step]
    part[last] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("titel", "x", "unknown key"),
        ("title", " ", "'title' must not be empty"),
        ("language", None, "'language' must not be empty"),
        ("key_information", [], "'key_information' must not be empty"),
        ("sections", [], "'sections' must not be empty"),
        ("sections.0.text", [""], "'text' must not be empty"),
        ("sections.1.code", "what", "same code"),
        ("glossary", ["scan"], "must be an object"),
        ("glossary", {"scan": ""}, "'scan' must not be empty"),
        ("choices", [], "'choices' must not be empty"),
        ("choices.0.help", "", "'help' must not be empty"),
        ("choices.0.kind", "box", "permission or a modifier"),
        ("choices.0.term", "NCU", "not the code of a permission"),
        ("choices.3.term", "GRU", "not the code of a modifier"),
        ("choices.2.diseases", [], "must name its diseases"),
        ("choices.0.diseases", ["MONDO:0004992"], "Only the permission DS"),
        ("choices.3.diseases", ["MONDO:0004992"], "Only the permission DS"),
        ("choices.1.code", "general_research", "same code"),
        ("choices.3.required", "yes", "true or false"),
        ("choices.3.only_if", "share_weights", "does not come before it"),
        ("questions.0.answer", 3, "place of one of its options"),
        ("questions.0.answer", True, "place of one of its options"),
    ],
)
def test_content_that_must_not_be_published_is_refused(path: str, value: Any, says: str) -> None:
    with pytest.raises(FormError, match=says):
        parse_content(change(path, value))


def test_a_form_needs_a_permission_and_may_go_without_questions() -> None:
    only_modifiers = change("choices", default_content()["choices"][3:])
    with pytest.raises(FormError, match="allows a kind of research"):
        parse_content(only_modifiers)
    assert parse_content(change("questions", [])).questions == ()


def test_a_modifier_may_stand_for_a_yes() -> None:
    ethics = Choice("ethics", "Ask a committee each time?", "…", "modifier", "IRB", when=True)
    gift = Choice("gift", "Any research", "…", "permission", "GRU")
    assert terms_from_choices([gift, ethics], {"gift": True}) == Terms((Alternative("GRU"),))
    expected = Terms((Alternative("GRU", (), (Modifier("IRB"),)),))
    assert terms_from_choices([gift, ethics], {"gift": True, "ethics": True}) == expected
