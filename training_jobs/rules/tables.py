"""Checks a table before release: no small cells, no row for one person. It names columns and rows, never values."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import combinations

from training_jobs.rules.disclosure import MOST_ROWS, PERSON_WORDS, RATE_WORDS, is_count_name, words_of

Row = Sequence[str]


def table_reasons(text: str, threshold: int) -> list[str]:
    """Why a CSV table (first row: names) must be withheld; empty when nothing speaks against it."""
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error:
        return ["It is not a table that can be read (CSV with a first row of names)."]
    if len(rows) < 2 or any(len(row) != len(rows[0]) for row in rows):
        return ["It is not a table that can be read (CSV with a first row of names)."]
    names, body = rows[0], rows[1:]
    reasons = list(_by_person(names, body))
    counts = [index for index, name in enumerate(names) if _counts(name, [row[index] for row in body])]
    if not counts:
        reasons.append("It has no column that says how many people each row stands for.")
    return reasons + list(_small(names, body, counts, threshold))


def _by_person(names: Row, body: Sequence[Row]) -> Iterator[str]:
    for position, name in enumerate(names, start=1):
        if words_of(name) & PERSON_WORDS:
            yield f"Column {position} seems to name single people, visits or files."
    if len(body) > MOST_ROWS:
        yield f"It has more than {MOST_ROWS} rows, so it could hold one for each person."


def _counts(name: str, column: Sequence[str]) -> bool:
    """A column counts when its name says so, or when it holds whole numbers only (whatever its name)."""
    return is_count_name(name) or all(cell.strip().lstrip("-").isdigit() for cell in column)


def _small(names: Row, body: Sequence[Row], counts: Sequence[int], threshold: int) -> Iterator[str]:
    rates = [index for index, name in enumerate(names) if words_of(name) & RATE_WORDS]
    for line, row in enumerate(body, start=1):
        numbers = {index: _number(row[index]) for index in counts}
        for index, value in numbers.items():
            if value is None or value < threshold:
                yield f"Row {line}, column {index + 1}: the count is below {threshold} or missing."
        yield from _by_difference(line, numbers, threshold)
        largest = max((value for value in numbers.values() if value is not None), default=0.0)
        yield from _by_rate(line, row, rates, largest, threshold)


def _by_difference(line: int, numbers: dict[int, float | None], threshold: int) -> Iterator[str]:
    for (a, first), (b, second) in combinations(numbers.items(), 2):
        if first is not None and second is not None and 0 < abs(first - second) < threshold:
            yield f"Row {line}, columns {a + 1} and {b + 1}: their difference is below {threshold}."


def _by_rate(line: int, row: Row, rates: Sequence[int], people: float, threshold: int) -> Iterator[str]:
    for index in rates:
        value = _number(row[index])
        if value is None:
            continue
        share = value / 100 if value > 1 else value
        if min(share, 1 - share) * people < threshold:
            yield f"Row {line}, column {index + 1}: with the counts beside it, it stands for fewer than {threshold}."


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
