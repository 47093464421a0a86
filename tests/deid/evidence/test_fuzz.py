"""No broken file makes the engine fail: some here, thousands at night; fuzz.py says how to do more."""

import random

import pytest

from .fuzz import at_random, broken, seeds


def test_broken_files_are_refused_or_cleaned() -> None:
    assert at_random(60, seed=1) == 60


@pytest.mark.nightly
def test_broken_files_of_a_night() -> None:
    assert at_random(6_000, seed=2) == 6_000


def test_what_is_broken_differs() -> None:
    made = broken(seeds()[:2], random.Random(3))
    assert len({next(made) for _ in range(50)}) > 45
