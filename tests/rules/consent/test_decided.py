"""What a person decides: it turns a REVIEW into what the rest says, and never touches what a term forbids."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from consent.rules.asked import Asked
from consent.rules.grammar import Alternative, Modifier, Terms
from consent.rules.matching import Outcome, permits
from consent.rules.use import Use
from tests.rules.consent.strategies import TREE, terms, uses

GRANTED, YEAR = date(2026, 1, 31), date(2027, 1, 31)
KEYS = [
    "PURPOSE",
    "DS",
    "GS",
    "RS",
    "NWEIGHTS",
    "SENSITIVE:illegal",
    "SENSITIVE:gender",
    "NTRAIN",
    "HMB",
    "SENSITIVE",
    "",
]


@st.composite
def decisions(draw: st.DrawFn, times: int = 1) -> tuple[Terms, Use, tuple[frozenset[str], ...]]:
    """A consent, a use, and several times what somebody finds covered: any matters of it, and keys that are none."""
    whole, use = draw(terms()), draw(uses())
    keys = st.sampled_from([*KEYS, *(each.key for each in permits(whole, use, TREE).matters)])
    return whole, use, tuple(draw(st.frozensets(keys)) for _ in range(times))


@given(decisions())
def test_a_decision_never_permits_what_a_term_forbids(put: tuple[Terms, Use, tuple[frozenset[str], ...]]) -> None:
    whole, use, (covered,) = put
    plain, decided = permits(whole, use, TREE), permits(whole, use, TREE, covered=covered)
    assert decided.outcome.severity <= plain.outcome.severity
    if plain.outcome is not Outcome.REVIEW:
        assert decided.outcome is plain.outcome, "nothing is better, or worse, where nothing was left to a person"
    if decided.allowed:
        free = [option for option in whole.alternatives if permits(Terms((option,)), use, TREE).outcome != "DENY"]
        assert free, "some alternative forbids nothing"


@given(terms(least=1), uses())
def test_once_every_matter_is_covered_nothing_is_left_and_no_decision_is_no(whole: Terms, use: Use) -> None:
    verdict = permits(whole, use, TREE)
    assert bool(verdict.matters) is (verdict.outcome is Outcome.REVIEW)
    assert {reason.code for reason in verdict.reasons} <= {each.code for each in verdict.matters} or not verdict.matters
    keys = frozenset(each.key for each in verdict.matters)
    assert permits(whole, use, TREE, covered=keys).outcome is not Outcome.REVIEW
    assert permits(whole, use, TREE, covered=frozenset()) == verdict
    assert not permits(whole, use, TREE, covered=frozenset({"DENY", "REVIEW"})).allowed or verdict.allowed


@given(decisions(2))
def test_more_decisions_are_never_answered_worse(put: tuple[Terms, Use, tuple[frozenset[str], ...]]) -> None:
    whole, use, (some, more) = put
    both = permits(whole, use, TREE, covered=some | more)
    assert both.outcome.severity <= permits(whole, use, TREE, covered=some).outcome.severity


def test_words_are_decided_one_wording_at_a_time_and_read() -> None:
    said, other = (Terms((Alternative("GRU", (), (Modifier("RS", words),)),)) for words in ("no pets", "no animals"))
    (matter,) = permits(said, Use(hmb=True)).matters
    assert "no pets" in matter.sentence
    assert permits(said, Use(hmb=True), covered=frozenset({matter.key})).outcome is Outcome.PERMIT
    assert permits(other, Use(hmb=True), covered=frozenset({matter.key})).outcome is Outcome.REVIEW


def test_what_is_inside_the_diseases_of_one_consent_is_not_inside_those_of_another() -> None:
    one, other = (Terms((Alternative("DS", (disease,)),)) for disease in ("MONDO:0007254", "MONDO:0005233"))
    use = Use(methods=True)
    (matter,) = permits(one, use, TREE).matters
    assert "MONDO:0007254" in matter.sentence
    assert permits(one, use, TREE, covered=frozenset({matter.key})).outcome is Outcome.PERMIT
    assert permits(other, use, TREE, covered=frozenset({matter.key})).outcome is Outcome.REVIEW


def test_a_sensitive_matter_is_decided_by_itself_and_obligations_stay() -> None:
    consented = Terms((Alternative("GRU", (), (Modifier("IRB"), Modifier("NTRAIN"))),))
    use = Use(hmb=True, illegal=True, gender=True)
    keys = {matter.key for matter in permits(consented, use).matters}
    assert keys == {"SENSITIVE:illegal", "SENSITIVE:gender"}
    assert permits(consented, use, covered=frozenset({"SENSITIVE:gender"})).outcome is Outcome.REVIEW
    decided = permits(consented, use, covered=frozenset(keys))
    assert (decided.outcome, [each.code for each in decided.obligations]) == (Outcome.CONDITIONAL, ["IRB"])
    assert permits(consented, replace(use, train_model=True), covered=frozenset(keys)).outcome is Outcome.DENY


def test_months_are_counted_from_the_day_of_the_grant() -> None:
    year = Terms((Alternative("GRU", (), (Modifier("TS", 12),)),))
    asked = Asked(Use(hmb=True), since=GRANTED)
    for day, allowed in ((GRANTED, True), (YEAR, True), (date(2027, 2, 1), False)):
        assert asked.on(day).put_to(year, TREE).allowed is allowed
    assert asked.on(YEAR).put_to(year, TREE).obligations[0].expires == YEAR
    assert asked.on(GRANTED).last_day(year, TREE) == YEAR
    assert replace(asked, since=None).on(date(2040, 1, 1)).put_to(year, TREE).allowed, "before a grant there is no day"


def test_the_last_day_is_that_of_the_longest_alternative() -> None:
    months = [Alternative("GRU", (), (Modifier("TS", number),)) for number in (1, 6)]
    asked = Asked(Use(hmb=True), since=GRANTED).on(GRANTED)
    assert asked.last_day(Terms(tuple(months)), TREE) == date(2026, 7, 31)
    assert asked.last_day(Terms((*months, Alternative("HMB"))), TREE) is None
    forbidding = Alternative("HMB", (), (Modifier("GSO"),))
    assert asked.last_day(Terms((*months, forbidding)), TREE) == date(2026, 7, 31)
