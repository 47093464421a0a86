"""What rules say of consents, counts and states is known again where it is shown, and said in the reader's language."""

from typing import Any

import pytest
from django.apps import apps

from consent.queries import kept_said
from consent.rules.grammar import parse
from consent.rules.matching import permits
from consent.rules.obligations import OBLIGATIONS, duty
from consent.rules.use import SENSITIVE_WORDS
from consent.rules.use import parse as use_of
from consent.rules.verdicts import Verdict
from consent.rules.vocabulary import TERMS
from core.accounts.roles import Role, only_these
from core.design import tones
from core.design.state_words import STATE_WORDS, THING_WORDS
from core.design.tones import label_of
from core.spoken import said
from core.texts import Filled
from registry.queries import purpose_said
from registry.rules.counts import about, share
from registry.rules.evidence import PROVED
from registry.rules.purpose import SENSITIVE_LINES
from registry.web.deciding import CODE_WORDS
from tests.integration.consent.gathered import gathered
from tests.integration.consent.pseudo import english, spoken
from tests.integration.registry.abroad import CODES

#: Consents that leave something to a person, or ask for something, with a use that brings it up.
OPEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"permission": "GRU"}, {}),
    *(({"permission": "GRU"}, {"hmb": True, name: True}) for name in SENSITIVE_WORDS),
    ({"permission": "GRU", "modifiers": [{"code": "RS", "value": "κατι"}]}, {"hmb": True}),
    ({"permission": "GRU", "modifiers": [{"code": "RS"}]}, {"hmb": True}),
    ({"permission": "GRU", "modifiers": [{"code": "GS", "value": ["GB", "DE"]}]}, {"hmb": True}),
    ({"permission": "GRU", "modifiers": [{"code": "NWEIGHTS"}]}, {"hmb": True, "train_model": True}),
    (
        {"permission": "DS", "diseases": ["MONDO:0004992"]},
        {"diseases": ["MONDO:0004992"], "train_model": True},
    ),
]
VALUES: dict[str, list[Any]] = {
    "TS": [None, 24, "2031-12-31"],
    "MOR": [None, 12, "2031-12-31"],
    "COL": [None, "Ινστιτουτο"],
}


def verdict(consent: dict[str, Any], use: dict[str, Any]) -> Verdict:
    return permits(parse({"alternatives": [{"modifiers": [], **consent}]}), use_of(use))


@pytest.mark.parametrize(("consent", "use"), OPEN)
def test_what_is_left_to_a_person(consent: dict[str, Any], use: dict[str, Any], settings: Any) -> None:
    matters = verdict(consent, use).matters
    assert matters
    for matter in matters:
        assert kept_said(matter.sentence) == matter.sentence, "in English it reads as the rule wrote it"
        with spoken(settings):
            assert english(CODES.sub("", kept_said(matter.sentence))) == []


@pytest.mark.parametrize("code", sorted(OBLIGATIONS))
def test_what_donors_ask_for(code: str, settings: Any) -> None:
    asked = []
    for value in VALUES.get(code, [None]):
        modifier = {"code": code} | ({"value": value} if value else {})
        asked += verdict({"permission": "GRU", "modifiers": [modifier]}, {"hmb": True}).obligations
    assert {each.code for each in asked} == {code}
    kept = [str(each.sentence) for each in asked]
    assert [kept_said(sentence) for sentence in kept] == kept
    with spoken(settings):
        assert [left for each in asked if (left := english(f"{kept_said(each.sentence)} {said(each.evidence)}"))] == []
    assert code not in PROVED or PROVED[code].words in gathered()
    assert duty(code) in gathered()


def test_a_sentence_of_another_shape_is_left_alone(settings: Any) -> None:
    """One that an older rule wrote and that is kept with a decision: better in English than not at all."""
    with spoken(settings):
        for kept in ("Something that no rule says", "Anything", "The use is about", ""):
            assert kept_said(kept) == kept


def test_every_reason_for_leaving_a_donor_out_has_words() -> None:
    no_reasons = {"GRU", "NRES", "IRB", "PUB", "COL", "RTN", "NRI"}
    assert set(TERMS) - no_reasons <= set(CODE_WORDS)
    assert set(CODE_WORDS.values()) <= gathered()


def test_counts_and_purposes(settings: Any) -> None:
    counted = [share(part, whole) for part, whole in ((3, 12), (4, 4_000), (3_995, 4_000), (1_230, 4_000))]
    purpose = {"org": "forprofit", "diseases": ["MONDO:0004992"], "train_model": True, "stigma": True}
    assert [each.part for each in counted] == ["fewer than 20", "fewer than 10", "all or nearly all", "1,230"]
    with spoken(settings):
        told = [said(words) for each in counted for words in (each.part, each.whole)] + [said(about(3))]
        told += [
            words for pair in purpose_said(use_of(purpose | {"gender": True, "countries": ["GB"]})) for words in pair
        ]
        told += [said(only_these(*Role)), said(only_these(Role.STEWARD))]
    assert [left for words in told if (left := english(CODES.sub("", words)))] == []
    assert set(SENSITIVE_LINES) == set(SENSITIVE_WORDS)


def test_a_filled_sentence_stays_one_however_deep(settings: Any) -> None:
    inner = Filled("{number}", number=12_000)
    outer = Filled("Only {roles} of this programme can do this.", roles=inner)
    assert outer == "Only 12,000 of this programme can do this."
    with spoken(settings):
        assert said(outer) != outer
        assert english(said(outer)) == []


def test_every_state_has_words_in_every_language() -> None:
    assert {label_of(state) for state in tones._TONE_OF} == set(STATE_WORDS)
    things = {str(model._meta.verbose_name) for model in apps.get_models() if hasattr(model, "TRANSITIONS")}
    assert things == set(THING_WORDS)
    assert set(STATE_WORDS) | things <= gathered()
