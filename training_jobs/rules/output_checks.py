"""Checks on each output file before anybody may release it. What is not known to be harmless is withheld."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.texts import gettext_noop as _
from training_jobs.rules.disclosure import THRESHOLD, identifiers_in, long_lists, small_counts
from training_jobs.rules.tables import table_reasons
from training_jobs.rules.templates import OutputKind

MOST_REASONS = 10
TOO_LARGE = _("It is larger than {most} KB.")
SMALL = _("“{place}”: the count is below {threshold}.")
LONG = _("“{place}” is long enough to hold one entry for each person.")
MORE = _("And {more} more like these.")
#: Sentences that are kept with values in them.
FILLED = (TOO_LARGE, SMALL, LONG, MORE)
NOT_JSON = _("It is not a JSON object that can be read.")


class Outcome(StrEnum):
    """What a check found. WITHHOLD is final for these bytes: nobody can release them."""

    RELEASABLE = "releasable"
    NEEDS_DECISION = "needs_decision"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on one file; the reasons are sentences that hold no value from the file."""

    name: str
    outcome: Outcome
    reasons: tuple[str, ...]


# The most bytes of each kind: more than an honest file needs, less than a hidden data set would.
MOST_BYTES: Mapping[OutputKind, int] = {
    OutputKind.METRICS: 32 * 1024,
    OutputKind.MODEL_CARD: 20 * 1024,
    OutputKind.TABLE: 64 * 1024,
    OutputKind.MODEL: 4 * 1024 * 1024,
}


def check(
    name: str,
    data: bytes,
    *,
    expected: Mapping[str, OutputKind],
    known_identifiers: Collection[str] = (),
    threshold: int = THRESHOLD,
) -> Check:
    """Checks one output file.

    `expected` are the template's outputs by name; `known_identifiers` the donor, series and file names that the job
    was given. Counts below `threshold` people are small. An unknown name, content that is not what the name says,
    and anything that cannot be read are withheld.
    """
    kind = expected.get(name)
    if kind is None:
        return Check(name, Outcome.WITHHOLD, (_("The template does not promise a file of this name."),))
    if len(data) > MOST_BYTES[kind]:
        return Check(name, Outcome.WITHHOLD, (TOO_LARGE.format(most=MOST_BYTES[kind] // 1024),))
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return Check(name, Outcome.WITHHOLD, (_("It is not text, so nobody can see what is in it."),))
    reasons = identifiers_in(_unescaped(text), known_identifiers)
    reasons += CONTENT[kind](text, threshold)
    if reasons:
        return Check(name, Outcome.WITHHOLD, _short(reasons))
    if kind is OutputKind.MODEL:
        said = _("A model can remember people, so it leaves only if a reviewer says so.")
        return Check(name, Outcome.NEEDS_DECISION, (said,))
    return Check(name, Outcome.RELEASABLE, ())


def may_be_released(outcome: str) -> bool:
    """Whether a reviewer may release a file with this outcome at all."""
    return outcome in (Outcome.RELEASABLE, Outcome.NEEDS_DECISION)


def _metrics(text: str, threshold: int) -> list[str]:
    data = _object(text)
    if data is None:
        return [NOT_JSON]
    reasons = [SMALL.format(place=place, threshold=threshold) for place in small_counts(data, threshold)]
    return reasons + [LONG.format(place=place) for place in long_lists(data)]


def _model(text: str, threshold: int) -> list[str]:
    data = _object(text)
    if data is None:
        return [NOT_JSON]
    return [SMALL.format(place=place, threshold=threshold) for place in small_counts(data, threshold)]


def _model_card(text: str, threshold: int) -> list[str]:
    if any(not character.isprintable() and character not in "\n\t" for character in text):
        return [_("It holds characters that cannot be seen.")]
    return []


def _object(text: str) -> dict[str, Any] | None:
    try:
        data = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _unescaped(text: str) -> str:
    """JSON with its escapes undone, so that an identifier cannot hide behind them; other text as it is."""
    data = _object(text)
    return text if data is None else json.dumps(data, ensure_ascii=False)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _short(reasons: list[str]) -> tuple[str, ...]:
    more = len(reasons) - MOST_REASONS
    return (*reasons[:MOST_REASONS], MORE.format(more=more)) if more > 0 else tuple(reasons)


CONTENT: Mapping[OutputKind, Callable[[str, int], list[str]]] = {
    OutputKind.METRICS: _metrics,
    OutputKind.MODEL_CARD: _model_card,
    OutputKind.TABLE: table_reasons,
    OutputKind.MODEL: _model,
}
