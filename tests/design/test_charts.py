"""What is drawn lies inside the picture and keeps the order of the values."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.design import charts

numbers = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False).filter(lambda n: n == 0 or abs(n) > 1e-9)
points = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=40)


@given(st.lists(st.tuples(st.text(max_size=10), st.floats(0, 1e12)), max_size=20))
def test_bars_keep_order_and_the_longest_fills_the_row(data: list[tuple[str, float]]) -> None:
    drawn = charts.bars(data)
    assert [(bar.label, bar.value) for bar in drawn] == data
    assert all(0 <= bar.percent <= 100 for bar in drawn)
    if any(value > 0 for _, value in data):
        assert max(bar.percent for bar in drawn) == 100


@pytest.mark.parametrize("value", [-1, math.nan, math.inf])
def test_a_bar_that_cannot_be_drawn_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        charts.bars([("x", value)])


@given(st.lists(points, min_size=1, max_size=4))
def test_every_point_lies_inside_the_axes(series: list[list[tuple[float, float]]]) -> None:
    chart = charts.line_chart([{"name": str(n), "points": line} for n, line in enumerate(series)])
    assert chart is not None
    for line in chart.lines:
        for pair in line.path.split():
            x, y = map(float, pair.split(","))
            assert chart.left - 0.01 <= x <= chart.right + 0.01
            assert chart.top - 0.01 <= y <= chart.bottom + 0.01
    assert 2 <= len(chart.y_ticks) <= 12


@given(points)
def test_a_higher_value_is_never_drawn_lower(line: list[tuple[float, float]]) -> None:
    chart = charts.line_chart([{"name": "a", "points": line}])
    assert chart is not None
    heights = [float(pair.split(",")[1]) for pair in chart.lines[0].path.split()]
    by_value = sorted(zip((y for _, y in line), heights, strict=True))
    assert all(upper[1] <= lower[1] for lower, upper in pairwise(by_value) if upper[0] > lower[0])


def test_what_is_not_finite_is_left_out_and_nothing_gives_nothing() -> None:
    assert charts.line_chart([]) is None
    assert charts.line_chart([{"name": "a", "points": [(1, math.nan), (math.inf, 2)]}]) is None
    chart = charts.line_chart([{"name": "a", "points": [(1, 1), (2, math.nan), (3, 2)]}, {"name": "b", "points": []}])
    assert chart is not None
    assert [line.name for line in chart.lines] == ["a"]
    assert len(chart.lines[0].path.split()) == 2
