"""What a donor reads about a consent is what the matcher decides about it."""

from datetime import date

import pytest
from hypothesis import given

from consent.rules.diseases import BUILT_IN
from consent.rules.grammar import Alternative, Modifier, Terms
from consent.rules.matching import permits
from consent.rules.terms import joined, parse, sentence, spoken
from consent.rules.use import Use
from consent.rules.use import parse as parse_use
from consent.rules.vocabulary import MODIFIERS
from consent.rules.wording import favourable
from tests.rules.consent.strategies import TREE, terms

HEALTH, ANCESTRY, ANY = (
    "research into health and illness",
    "research into where people's ancestors came from",
    "any other kind of research",
)
TRAINING = "training computer models (AI)"


def basic(purpose: str) -> Use:
    """One purpose, asked for by whom no list and no price turns away."""
    asker = favourable(Alternative("GRU"))
    return parse_use({**asker.to_dict(), purpose: True})


def says(phrases: list[str], phrase: str) -> bool:
    return any(item == phrase or item.startswith(f"{phrase} (on conditions: ") for item in phrases)


@given(terms(MODIFIERS - {"GS", "US", "IS", "PS"}))
def test_the_sentence_agrees_with_the_matcher(whole: Terms) -> None:
    can, cannot = sentence(whole, TREE)
    cases = [(ANCESTRY, basic("poa")), (ANY, basic("general")), (HEALTH, basic("hmb"))]
    for phrase, use in cases:
        verdict = permits(whole, use, TREE)
        denied = verdict.outcome == "DENY"
        assert says(can, phrase) is not denied
        assert says(cannot, phrase) is denied or phrase is HEALTH
        assert (phrase in can) is (verdict.outcome == "PERMIT")


@given(terms())
def test_nothing_is_both_allowed_and_forbidden(whole: Terms) -> None:
    can, cannot = sentence(whole, TREE)
    assert len(set(can) | set(cannot)) == len(can) + len(cannot)
    assert not set(can) & set(cannot)
    assert cannot or can
    assert all(phrase.strip() for phrase in can + cannot)


@given(terms(MODIFIERS - {"GS", "US", "IS", "PS"}, least=1))
def test_training_is_promised_only_where_some_training_passes(whole: Terms) -> None:
    asks = [Use(general=True), Use(hmb=True), Use(poa=True)]
    asks += [Use(diseases=option.diseases, methods_within_disease=True) for option in whole.alternatives]
    passes = any(
        permits(Terms((option,)), _training(option, use), TREE).outcome != "DENY"
        for option in whole.alternatives
        for use in asks
    )
    can, _ = sentence(whole, TREE)
    assert (says(can, TRAINING) or says(can, f"{TRAINING} for these illnesses")) is passes


def _training(option: Alternative, use: Use) -> Use:
    given_answers = {**favourable(option).to_dict(), **use.to_dict(), "train_model": True}
    return parse_use(given_answers)


@pytest.mark.parametrize(
    ("modifier", "phrase"),
    [
        (Modifier("NTRAIN"), TRAINING),
        (Modifier("NWEIGHTS"), "sharing those trained models"),
        (Modifier("NCM"), "selling those trained models"),
        (Modifier("NCU"), "making products or earning money"),
        (Modifier("NPU"), "work by companies"),
        (Modifier("NMDS"), "working out better research methods"),
        (Modifier("NPOA"), ANCESTRY),
        (Modifier("GSO"), "studies that do not look at genes"),
        (Modifier("GS", ("GB", "FR")), "work outside FR, GB"),
        (Modifier("US", ("u1",)), "work by people who are not on the agreed list"),
        (Modifier("IS", ("Leeds",)), "work at institutions that are not on the agreed list"),
        (Modifier("PS", ("p1",)), "projects that are not on the agreed list"),
    ],
)
def test_each_restriction_is_said(modifier: Modifier, phrase: str) -> None:
    assert phrase not in sentence(Terms((Alternative("GRU"),)))[1]
    can, cannot = sentence(Terms((Alternative("GRU", (), (modifier,)),)))
    assert phrase in cannot
    assert HEALTH in can


def test_the_whole_text_of_a_choice() -> None:
    written = {"permission": "DS", "diseases": ["MONDO:0004992"], "modifiers": [{"code": "NPUNCU"}, {"code": "NTRAIN"}]}
    assert spoken(parse({"alternatives": [written]}), BUILT_IN) == (
        "Your donation can be used for research into cancer; and working out better research methods for these "
        "illnesses. "
        "It cannot be used for research into other illnesses; research into where people's ancestors came from; "
        "any other kind of research; training computer models (AI); making products or earning money; "
        "work by companies; and deciding about the care of patients."
    )


def test_conditions_are_said_with_what_they_are_for() -> None:
    can, _ = sentence(parse({"alternatives": [{"permission": "HMB", "modifiers": [{"code": "IRB"}]}]}))
    assert can[0] == f"{HEALTH} (on conditions: ethics approval must be held before the data are used)"


def test_no_terms_are_said_as_nothing() -> None:
    assert spoken(Terms()) == "Your donation cannot be used for anything."
    assert joined([]) == ""


def test_work_that_is_allowed_inside_the_diseases_alone_is_said_so() -> None:
    def says_of(*options: dict[str, object]) -> list[str]:
        return [phrase for phrase in sentence(parse({"alternatives": list(options)}))[0] if phrase.startswith(TRAINING)]

    cancer = {"permission": "DS", "diseases": ["MONDO:0004992"]}
    assert says_of(cancer) == [f"{TRAINING} for these illnesses"]
    assert says_of(cancer, {"permission": "HMB"}) == [TRAINING]
    assert says_of(cancer, {"permission": "GRU", "modifiers": [{"code": "NMDS"}]}) == [
        f"{TRAINING} for these illnesses"
    ]


def test_a_time_limit_that_has_passed_leaves_nothing() -> None:
    whole = parse({"alternatives": [{"permission": "GRU", "modifiers": [{"code": "TS", "value": "2026-05-31"}]}]})
    assert sentence(whole, BUILT_IN, date(2026, 5, 31))[0]
    can, cannot = sentence(whole, BUILT_IN, date(2026, 6, 1))
    assert not can
    assert HEALTH in cannot
