"""Each rule is needed: without it some check fails. A sample of the rules here, every one of them at night."""

import random

import pytest

from curation.deid import RESEARCH

from .mutations import Mutation, every, forget, survives, without

ALL = list(every())
SORTS = sorted({mutation.name.split()[0] for mutation in ALL})
_SAMPLE = 30


def sample() -> list[Mutation]:
    """At least one rule of each sort, others as they come; the same ones while the rules are the same."""
    draw = random.Random(RESEARCH.digest)
    one_each = [draw.choice([each for each in ALL if each.name.startswith(sort)]) for sort in SORTS]
    return one_each + draw.sample(ALL, _SAMPLE - len(one_each))


def test_there_are_rules_of_every_sort() -> None:
    assert len(ALL) > 1600
    assert len({mutation.name for mutation in ALL}) == len(ALL)
    assert {"row", "own", "never", "term", "binary", "private", "concept", "encoding", "id", "kind"} <= set(SORTS)


@pytest.mark.parametrize("mutation", sample(), ids=lambda mutation: mutation.name)
def test_a_rule_that_is_taken_away_is_missed(mutation: Mutation) -> None:
    assert list(mutation.problems()) == []
    assert not survives(mutation)
    assert list(mutation.problems()) == []


@pytest.mark.nightly
def test_every_rule_that_is_taken_away_is_missed() -> None:
    assert [mutation.name for mutation in ALL if survives(mutation)] == []


@pytest.mark.nightly
def test_nothing_is_missed_while_every_rule_holds() -> None:
    forget()
    assert [mutation.name for mutation in ALL if next(mutation.problems(), None)] == []


def test_what_is_taken_away_is_put_back() -> None:
    for sort in SORTS:
        mutation = next(each for each in ALL if each.name.startswith(sort))
        held = list(mutation.collection)  # type: ignore[call-overload]  # each is a collection
        with without(mutation):
            pass
        assert list(mutation.collection) == held  # type: ignore[call-overload]  # a collection, as above
