"""The geometry of charts: plain numbers in, coordinates for an SVG out. No Django, no drawing."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

WIDTH: Final = 480
HEIGHT: Final = 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 12, 12, 46


class Series(TypedDict):
    """One named line: points are (x, y) in data units, x rising."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its value and its length as a percentage of the longest bar."""

    label: str
    value: float
    percent: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where it stands in the picture and what is written beside it."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn line: its name, the SVG points, its last point, and its number for the colour."""

    name: str
    path: str
    last: tuple[float, float]
    number: int


@dataclass(frozen=True, slots=True)
class LineChart:
    """Everything that the line chart's template needs, in the picture's units (480 by 270)."""

    lines: list[Line]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    top: float = _TOP
    bottom: float = HEIGHT - _BOTTOM


def bars(data: Iterable[tuple[str, float]]) -> list[Bar]:
    """Return one bar per (label, value); ValueError on a negative or infinite value."""
    pairs = [(label, value) for label, value in data]
    if any(not math.isfinite(value) or value < 0 for _, value in pairs):
        raise ValueError("A bar chart shows only finite values of zero or more.")
    longest = max((value for _, value in pairs), default=0) or 1
    return [Bar(label, value, round(100 * value / longest, 2)) for label, value in pairs]


def line_chart(series: Sequence[Series]) -> LineChart | None:
    """Return the drawing of all series on shared axes, or None where no finite point exists yet."""
    clean = [(entry["name"], _finite(entry["points"])) for entry in series]
    points = [point for _, kept in clean for point in kept]
    if not points:
        return None
    x_marks = _marks([x for x, _ in points], most=6, whole=all(float(x).is_integer() for x, _ in points))
    y_marks = _marks([y for _, y in points], most=5, whole=False)
    chart = LineChart([], _ticks(x_marks, _LEFT, WIDTH - _RIGHT), _ticks(y_marks, HEIGHT - _BOTTOM, _TOP))
    for number, (name, kept) in enumerate(clean, start=1):
        if kept:
            chart.lines.append(_line(name, kept, number, (x_marks, y_marks)))
    return chart


def _finite(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]


def _line(name: str, points: list[tuple[float, float]], number: int, marks: tuple[list[float], list[float]]) -> Line:
    drawn = [
        (_scale(x, marks[0], _LEFT, WIDTH - _RIGHT), _scale(y, marks[1], HEIGHT - _BOTTOM, _TOP)) for x, y in points
    ]
    return Line(name, " ".join(f"{x:g},{y:g}" for x, y in drawn), drawn[-1], number)


def _marks(values: Sequence[float], most: int, whole: bool) -> list[float]:
    """Return round marks (1, 2 or 5 times a power of ten), about `most` of them, that enclose all values."""
    low, high = min(values), max(values)
    if low == high:
        low, high = low - (abs(low) * 0.1 or 1), high + (abs(high) * 0.1 or 1)
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    step = max(step, 1.0) if whole else step
    first, last = math.floor(low / step), math.ceil(high / step)
    return [index * step for index in range(first, last + 1)]


def _ticks(marks: list[float], start: float, end: float) -> list[Tick]:
    return [Tick(_scale(mark, marks, start, end), f"{mark:.6g}") for mark in marks]


def _scale(value: float, marks: list[float], start: float, end: float) -> float:
    return round(start + (value - marks[0]) / (marks[-1] - marks[0]) * (end - start), 2)
