"""A specification: one digest for one meaning, and a sentence for everything that is not as it should be."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_jobs.rules.errors import SpecificationError
from training_jobs.rules.limits import BOUNDS, Limits, parse_limits
from training_jobs.rules.specification import Specification, parse_specification, specify
from training_jobs.rules.templates import Template, parse_template

DIGEST = "0f" * 32
DESCRIPTION: dict[str, Any] = {
    "name": "trial",
    "version": "1.0.0",
    "title": "Trial",
    "description": "For tests.",
    "parameters": [
        {"name": "size", "kind": "integer", "title": "Size", "help": "", "default": 4, "minimum": 1, "maximum": 9},
        {"name": "rate", "kind": "number", "title": "Rate", "help": "", "default": 0.5, "minimum": 0.1, "maximum": 2},
        {"name": "way", "kind": "choice", "title": "Way", "help": "", "default": "a", "choices": ["a", "b"]},
    ],
    "outputs": {"metrics.json": "metrics"},
    "progress_metrics": ["auc"],
    "limits": {"memory_mb": 512},
}
TEMPLATE: Template = parse_template(DESCRIPTION, "1a" * 32)


def make(**parameters: Any) -> Specification:
    return specify(TEMPLATE, dataset_version=DIGEST, parameters=parameters)


@given(st.integers(1, 9), st.floats(0.1, 2), st.sampled_from("ab"))
def test_same_meaning_same_digest_and_it_reads_back(size: int, rate: float, way: str) -> None:
    one = make(size=size, rate=rate, way=way)
    other = make(way=way, rate=repr(rate), size=str(size))
    assert one == other
    assert one.digest == other.digest
    assert parse_specification(one.canonical(), TEMPLATE) == one
    assert parse_specification(json.loads(one.canonical()), TEMPLATE) == one


def test_every_part_counts_in_the_digest() -> None:
    other_template = parse_template(DESCRIPTION, "2b" * 32)
    digests = {
        make().digest,
        make(size=5).digest,
        specify(TEMPLATE, dataset_version="11" * 32, parameters={}).digest,
        specify(TEMPLATE, dataset_version=DIGEST, parameters={}, limits={"memory_mb": 1024}).digest,
        specify(other_template, dataset_version=DIGEST, parameters={}).digest,
    }
    assert len(digests) == 5


WRONG = [
    {"size": 0}, {"size": 10}, {"size": 1.5}, {"size": True}, {"size": None}, {"size": "x"}, {"size": []}, {"size": ""},
    {"rate": float("nan")}, {"rate": float("inf")}, {"rate": 3}, {"way": "c"}, {"way": 1}, {"other": 1},
    {"size": "9" * 5000}, {"size": float("inf")},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_parameters_get_a_sentence_that_names_them(wrong: dict[str, Any]) -> None:
    with pytest.raises(SpecificationError) as refused:
        make(**wrong)
    assert refused.value.sentence.endswith(".")
    assert set(refused.value.fields) == set(wrong)


@pytest.mark.parametrize("name", BOUNDS)
def test_limits_hold_at_both_ends(name: str) -> None:
    least, most, _ = BOUNDS[name]
    for good in (least, most):
        assert parse_limits({name: good}).as_dict()[name] == good
    for bad in (least - 1, most + 1, str(least), True, None, 1e3):
        with pytest.raises(SpecificationError, match=name):
            parse_limits({name: bad})


def test_unknown_limit_is_refused_and_defaults_are_the_templates() -> None:
    with pytest.raises(SpecificationError, match="gpus"):
        parse_limits({"gpus": 1})
    assert make().limits == Limits(memory_mb=512)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "1",
        "{}",
        '{"template":1}',
        make().canonical() + " ",
        make().canonical().replace(":4", ":4.0"),
        "[" * 5000,
    ],
)
def test_what_is_no_specification_is_refused(text: str) -> None:
    with pytest.raises(SpecificationError):
        parse_specification(text, TEMPLATE)


def test_a_changed_template_is_refused() -> None:
    with pytest.raises(SpecificationError, match="changed"):
        parse_specification(make().canonical(), parse_template(DESCRIPTION, "2b" * 32))


def test_dataset_must_be_a_digest() -> None:
    with pytest.raises(SpecificationError, match="digest"):
        specify(TEMPLATE, dataset_version="1.0.0", parameters={})


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../x"},
        {"outputs": {"../x.json": "metrics"}},
        {"outputs": {"a.json": "other"}},
        {"outputs": []},
        {"parameters": [{"name": "x"}]},
        {"parameters": 1},
        {"limits": {"memory_mb": 1}},
        {"progress_metrics": ["A b"]},
    ],
)
def test_a_broken_template_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(SpecificationError):
        parse_template(DESCRIPTION | change, "1a" * 32)
