"""Progress lines come from an untrusted program: numbers under known names get through, rounded, and nothing else."""

import json
import math

from hypothesis import given
from hypothesis import strategies as st

from training_jobs.rules.progress import Step, parse_step

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["step", "of", "metrics", "auc", "x"]), inner)
    ),
    max_leaves=12,
)


@given(st.binary(max_size=200) | JSON.map(lambda data: json.dumps(data).encode()))
def test_whatever_is_written_only_numbers_under_known_names_get_through(line: bytes) -> None:
    step = parse_step(line, {"auc"})
    if step:
        assert 0 <= step.fraction <= 1
        assert set(step.metrics) <= {"auc"}
        assert all(type(value) is float and math.isfinite(value) for value in step.metrics.values())


def test_a_good_line_is_read_and_rounded() -> None:
    line = b'{"step": 2, "of": 8, "metrics": {"auc": 0.123456789, "loss": 1234567}}'
    assert parse_step(line, ["auc", "loss"]) == Step(2, 8, {"auc": 0.123, "loss": 1230000.0})


def test_long_lines_are_not_even_read() -> None:
    assert parse_step(b'{"step": 1, "of": 2}' + b" " * 2000, []) is None
