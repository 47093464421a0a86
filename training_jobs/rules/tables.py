"""Checks a table before release: no small cells, no row for one person. It names columns and rows, never values."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import combinations

from core.texts import gettext_noop as _
from training_jobs.rules.disclosure import MOST_ROWS, PERSON_WORDS, RATE_WORDS, is_count_name, words_of

Row = Sequence[str]
NO_TABLE = _("It is not a table that can be read (CSV with a first row of names).")
NAMES = _("Column {column} seems to name single people, visits or files.")
MANY = _("It has more than {most} rows, so it could hold one for each person.")
SMALL = _("Row {row}, column {column}: the count is below {threshold} or missing.")
CLOSE = _("Row {row}, columns {column} and {other}: their difference is below {threshold}.")
FEW = _("Row {row}, column {column}: with the counts beside it, it stands for fewer than {threshold}.")
#: Sentences that are kept with values in them.
FILLED = (NAMES, MANY, SMALL, CLOSE, FEW)


def table_reasons(text: str, threshold: int) -> list[str]:
    """Why a CSV table (first row: names) must be withheld; empty when nothing speaks against it."""
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error:
        return [NO_TABLE]
    if len(rows) < 2 or any(len(row) != len(rows[0]) for row in rows):
        return [NO_TABLE]
    names, body = rows[0], rows[1:]
    reasons = list(_by_person(names, body))
    counts = [index for index, name in enumerate(names) if _counts(name, [row[index] for row in body])]
    if not counts:
        reasons.append(_("It has no column that says how many people each row stands for."))
    return reasons + list(_small(names, body, counts, threshold))


def _by_person(names: Row, body: Sequence[Row]) -> Iterator[str]:
    for position, name in enumerate(names, start=1):
        if words_of(name) & PERSON_WORDS:
            yield NAMES.format(column=position)
    if len(body) > MOST_ROWS:
        yield MANY.format(most=MOST_ROWS)


def _counts(name: str, column: Sequence[str]) -> bool:
    """A column counts when its name says so, or when it holds whole numbers only (whatever its name)."""
    return is_count_name(name) or all(cell.strip().lstrip("-").isdigit() for cell in column)


def _small(names: Row, body: Sequence[Row], counts: Sequence[int], threshold: int) -> Iterator[str]:
    rates = [index for index, name in enumerate(names) if words_of(name) & RATE_WORDS]
    for line, row in enumerate(body, start=1):
        numbers = {index: _number(row[index]) for index in counts}
        for index, value in numbers.items():
            if value is None or value < threshold:
                yield SMALL.format(row=line, column=index + 1, threshold=threshold)
        yield from _by_difference(line, numbers, threshold)
        largest = max((value for value in numbers.values() if value is not None), default=0.0)
        yield from _by_rate(line, row, rates, largest, threshold)


def _by_difference(line: int, numbers: dict[int, float | None], threshold: int) -> Iterator[str]:
    for (a, first), (b, second) in combinations(numbers.items(), 2):
        if first is not None and second is not None and 0 < abs(first - second) < threshold:
            yield CLOSE.format(row=line, column=a + 1, other=b + 1, threshold=threshold)


def _by_rate(line: int, row: Row, rates: Sequence[int], people: float, threshold: int) -> Iterator[str]:
    for index in rates:
        value = _number(row[index])
        if value is None:
            continue
        share = value / 100 if value > 1 else value
        if min(share, 1 - share) * people < threshold:
            yield FEW.format(row=line, column=index + 1, threshold=threshold)


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
