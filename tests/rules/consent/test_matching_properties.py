"""What must hold of every verdict, whatever the consent and the use: tried on random ones."""

from dataclasses import replace
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from consent.rules.grammar import Alternative, Terms
from consent.rules.matching import Outcome, permits
from consent.rules.terms import digest, parse
from consent.rules.use import Use
from consent.rules.use import digest as use_digest
from consent.rules.use import parse as parse_use
from consent.rules.vocabulary import TERMS
from tests.rules.consent.strategies import TREE, more_purposes, narrower, terms, uses


@given(st.data(), terms(least=1), uses())
def test_a_narrower_consent_is_never_answered_better(data: st.DataObject, whole: Terms, use: Use) -> None:
    part = data.draw(narrower(whole))
    assert permits(part, use, TREE).outcome.severity >= permits(whole, use, TREE).outcome.severity


@given(st.data(), terms(), uses())
def test_one_more_purpose_is_never_answered_better(data: st.DataObject, whole: Terms, use: Use) -> None:
    assume(use.has_purpose)
    more = data.draw(more_purposes(use))
    assert permits(whole, more, TREE).outcome.severity >= permits(whole, use, TREE).outcome.severity


@given(terms(), uses(), st.randoms(use_true_random=False))
def test_no_order_and_no_repetition_matters(whole: Terms, use: Use, random: Random) -> None:
    written = whole.as_json()
    for option in written["alternatives"]:
        for part in (option["diseases"], option["modifiers"]):
            part.extend(part[:1])
            random.shuffle(part)
        for modifier in option["modifiers"]:
            if isinstance(modifier["value"], list):
                random.shuffle(modifier["value"])
    random.shuffle(written["alternatives"])
    asked = use.to_dict()
    for value in asked.values():
        if isinstance(value, list):
            random.shuffle(value)
    again, use_again = parse(written), parse_use(asked)
    assert (again, digest(again)) == (whole, digest(whole))
    assert use_digest(use_again) == use_digest(use)
    assert permits(again, use_again, TREE) == permits(whole, use, TREE)


@given(terms(least=1), uses())
def test_every_refusal_names_a_term(whole: Terms, use: Use) -> None:
    verdict = permits(whole, use, TREE)
    assert verdict.reasons
    if verdict.outcome is Outcome.DENY:
        assert any(reason.code in TERMS and f"({reason.code})" in reason.sentence for reason in verdict.reasons)
        assert not verdict.obligations


@given(terms(least=1), uses())
def test_the_best_alternative_decides_and_what_is_conditional_says_its_conditions(whole: Terms, use: Use) -> None:
    alone = [permits(Terms((option,)), use, TREE).outcome.severity for option in whole.alternatives]
    verdict = permits(whole, use, TREE)
    assert verdict.outcome.severity == min(alone)
    if verdict.outcome is Outcome.CONDITIONAL:
        assert {obligation.code for obligation in verdict.obligations} == {item.code for item in verdict.reasons}
    if verdict.outcome is Outcome.PERMIT:
        assert not verdict.obligations


@given(terms(), uses())
def test_what_is_sensitive_is_never_permitted_outright_and_never_softened(whole: Terms, use: Use) -> None:
    calm = replace(use, stigma=None, vulnerable=None, psychological=None, illegal=None, sexual=None,
                   paediatric=None, gender=None)  # fmt: skip
    expected = max(permits(whole, calm, TREE).outcome.severity, Outcome.REVIEW.severity)
    assert permits(whole, replace(calm, illegal=True), TREE).outcome.severity == expected


@given(uses())
def test_a_term_without_a_rule_is_refused(use: Use) -> None:
    assert permits(Terms((Alternative("NEW"),)), replace(use, hmb=True), TREE).outcome is Outcome.DENY
