"""What may leave: small counts, single people, identifiers and unknown things are withheld whatever form they take."""

import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_jobs.rules.output_checks import MOST_BYTES, Check, Outcome, check, may_be_released
from training_jobs.rules.templates import OutputKind

EXPECTED = {
    "metrics.json": OutputKind.METRICS,
    "model_card.md": OutputKind.MODEL_CARD,
    "table.csv": OutputKind.TABLE,
    "model.json": OutputKind.MODEL,
}
KNOWN = {"donor-17", "series-3"}


def run(name: str, data: Any) -> Check:
    content = data if isinstance(data, bytes) else data.encode() if isinstance(data, str) else json.dumps(data).encode()
    return check(name, content, expected=EXPECTED, known_identifiers=KNOWN)


GOOD: list[tuple[str, Any]] = [
    ("metrics.json", {"auc": 0.9, "interval": [0.8, 0.95], "donors": {"test": 50}, "version": "1.0.0"}),
    ("model_card.md", "# Card\n\nAbout 50 donors. Dataset `" + "20240101" * 8 + "`, version 1.2.3, 95 % interval.\n"),
    ("table.csv", "modality,donors,with_label,auc\nCT,60,30,0.91\nMR,80,20,0.88\n"),
]


@pytest.mark.parametrize(("name", "data"), GOOD)
def test_harmless_results_can_be_released(name: str, data: Any) -> None:
    assert run(name, data) == Check(name, Outcome.RELEASABLE, ())


def test_a_model_needs_a_decision() -> None:
    found = run("model.json", {"weights": [0.1] * 500, "intercept": 1})
    assert found.outcome is Outcome.NEEDS_DECISION
    assert "reviewer" in found.reasons[0]


WITHHELD: list[tuple[str, Any]] = [
    ("metrics.json", {"n_test": 9}),
    ("metrics.json", {"groups": {"CT": {"positives": 3}}}),
    ("metrics.json", {"counts": [50, 40, 2]}),
    ("metrics.json", {"nPatients": 0}),
    ("metrics.json", {"scores": [0.5] * 51}),
    ("metrics.json", {"scores": {f"p{i}": 0.5 for i in range(51)}}),
    ("metrics.json", [1]),
    ("metrics.json", '{"auc": NaN}'),
    ("metrics.json", "[" * 20000),
    ("metrics.json", {"note": "donor-17"}),
    ("metrics.json", '{"note": "\\u0064onor-17"}'),
    ("table.csv", "modality,donors\nCT,9\n"),
    ("table.csv", "modality,x\nCT,9\n"),
    ("table.csv", "modality,donors\nCT,\n"),
    ("table.csv", "modality,donors,with_label\nCT,60,55\n"),
    ("table.csv", "modality,donors,share_positive\nCT,60,0.05\n"),
    ("table.csv", "modality,donors,percent\nCT,60,97\n"),
    ("table.csv", "patient,probability\na,0.4\nb,0.6\n"),
    ("table.csv", "x,probability\na,0.4\nb,0.6\n"),
    ("table.csv", "x,donors\n" + "a,50\n" * 201),
    ("table.csv", "x,donors\n"),
    ("table.csv", "x,donors\n1\n"),
    ("table.csv", ""),
    ("table.csv", b"\xff\xfe\x00"),
    ("model.json", b"\x80\x04pickle"),
    ("model.json", {"support_vectors": {"count": 2}}),
    ("model_card.md", "hidden \u200b text"),
    ("other.json", {"auc": 0.9}),
    ("model.pkl", b"x"),
]


@pytest.mark.parametrize(("name", "data"), WITHHELD)
def test_what_could_show_a_person_is_withheld_with_reasons(name: str, data: Any) -> None:
    found = run(name, data)
    assert found.outcome is Outcome.WITHHOLD
    assert found.reasons
    assert all(reason.endswith(".") for reason in found.reasons)
    assert not may_be_released(found.outcome)


IDENTIFIERS = [
    "2.25.1234567890123",
    "1.2.826.0.1.3680043.8.498.65278082017056047608521477097109105414",
    str(uuid.UUID(int=7)),
    "1957-03-02",
    "19570302",
    "1957.03.02",
]
IDENTIFIERS += ["Doe^John", "a@example.org", "donor-17", "series-3."]


@pytest.mark.parametrize("identifier", IDENTIFIERS)
@pytest.mark.parametrize("name", EXPECTED)
def test_identifiers_are_withheld_and_never_repeated(name: str, identifier: str) -> None:
    texts = {
        "metrics.json": json.dumps({"auc": 0.9, identifier: identifier, "donors": {identifier: 3}}),
        "model.json": json.dumps({"weights": {identifier: 1}}),
        "model_card.md": f"See {identifier}, please.",
        "table.csv": f"modality,donors\n{identifier},50\n",
    }
    found = run(name, texts[name])
    assert found.outcome is Outcome.WITHHOLD
    assert identifier.rstrip(".") not in " ".join(found.reasons)


@pytest.mark.parametrize("name", EXPECTED)
def test_size_is_capped(name: str) -> None:
    assert "larger" in run(name, b" " * (MOST_BYTES[EXPECTED[name]] + 1)).reasons[0]


@given(st.integers(0, 9), st.integers(0, 5), st.text("abcdefgh", min_size=1, max_size=8))
def test_a_small_cell_is_found_wherever_it_lies(value: int, row: int, name: str) -> None:
    cells = [50] * 6
    cells[row] = value
    table = f"group,{name}\n" + "".join(f"g{index},{cell}\n" for index, cell in enumerate(cells))
    found = run("table.csv", table)
    assert found.outcome is Outcome.WITHHOLD
    assert any(f"Row {row + 1}, column 2" in reason for reason in found.reasons)


@given(st.binary(max_size=300), st.sampled_from(sorted([*EXPECTED, "x.bin"])))
def test_no_bytes_break_the_check(data: bytes, name: str) -> None:
    assert run(name, data).outcome in Outcome
