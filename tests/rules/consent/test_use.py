"""A declared use: read strictly, written back as it was."""

from typing import Any

import pytest
from hypothesis import given

from consent.rules.use import KEYS, Use, UseError, digest, parse
from tests.rules.consent.strategies import uses

DOCUMENTED = [
    "general",
    "hmb",
    "poa",
    "methods",
    "methods_within_disease",
    "clinical",
    "genetic",
    "commercial",
    "train_model",
    "share_weights",
    "commercial_model",
    "stigma",
    "vulnerable",
    "psychological",
    "illegal",
    "sexual",
    "paediatric",
    "gender",
    "diseases",
    "countries",
    "users",
    "date",
    "org",
    "institution",
    "project",
]


def test_the_keys_are_the_documented_ones() -> None:
    assert set(DOCUMENTED) == KEYS


@given(uses())
def test_a_use_is_read_back_as_it_was_written(use: Use) -> None:
    again = parse(use.to_dict())
    assert again.to_dict() == use.to_dict()
    assert digest(again) == digest(use)


def test_no_and_not_answered_are_not_the_same() -> None:
    assert digest(Use(commercial=False)) != digest(Use())
    assert parse({"commercial": None, "org": None, "diseases": None, "date": ""}) == Use()


@pytest.mark.parametrize(
    ("obj", "says"),
    [
        (None, "must be an object"),
        ({"Hmb": True}, "unknown key: 'Hmb'"),
        ({"x" * 1000: True}, "unknown key: 'x{39}…'"),
        ({"hmb": 1}, "'hmb' must be true or false"),
        ({"hmb": "yes"}, "'hmb' must be true or false"),
        ({"diseases": "MONDO:1"}, "must be a list"),
        ({"diseases": [1]}, "must be text"),
        ({"countries": ["United Kingdom"]}, "ISO 3166"),
        ({"date": "20260131"}, "must be a date"),
        ({"date": "2026-01-31T00:00:00"}, "must be a date"),
        ({"date": 20260131}, "must be text"),
        ({"org": "charity"}, "nonprofit or forprofit"),
        ({"institution": ["Leeds"]}, "must be text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(obj: Any, says: str) -> None:
    with pytest.raises(UseError, match=says):
        parse(obj)


def test_an_error_never_repeats_a_value() -> None:
    with pytest.raises(UseError) as caught:
        parse({"users": "ada.lovelace@example.org"})
    assert "ada" not in caught.value.sentence
