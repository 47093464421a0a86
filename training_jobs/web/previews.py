"""What is in an output, as plain values that a template shows escaped; nothing in it is ever taken for markup."""

import csv
import io
import json
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.design.formats import grouped
from core.design.tones import label_of
from core.spoken import said
from training_jobs.rules.templates import OutputKind

MOST_ROWS = 200
MOST_TEXT = 20_000


@dataclass
class Preview:
    """`figures`: (value, label, note); `facts`: (name, value); `blocks`: (h2, h3, p or ul, text or list of texts)."""

    figures: list[tuple[float, str, str]] = field(default_factory=list)
    facts: list[tuple[str, Any]] = field(default_factory=list)
    charts: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    blocks: list[tuple[str, Any]] = field(default_factory=list)
    text: str = ""
    unreadable: bool = False


def preview(kind: str, data: bytes) -> Preview:
    """The bytes of an output of this kind, read as far as they can be."""
    readers = {OutputKind.METRICS: _metrics, OutputKind.MODEL_CARD: _card, OutputKind.TABLE: _table}
    try:
        text = data.decode()
        if kind == OutputKind.MODEL:
            return _model(text)
        reader = readers.get(OutputKind(kind))
        return reader(text) if reader else Preview(text=text[:MOST_TEXT])
    except (ValueError, csv.Error, RecursionError):
        return Preview(unreadable=True)


def _metrics(text: str) -> Preview:
    data = _object(text)
    shown = Preview()
    auc, interval = data.get("auc"), data.get("auc_interval_95")
    if _number(auc):
        note = _interval(*interval) if _pair(interval) else ""
        shown.figures.append((float(auc), _("area under the ROC curve (AUC)"), note))
    for name, value in data.items():
        if isinstance(value, list) and value and all(map(_pair, value)):
            shown.charts.append(_chart(name, value))
        elif name not in ("auc", "auc_interval_95"):
            shown.facts += _flat(_words(name), value)
    return shown


def _interval(low: float, high: float) -> str:
    return _("95 %% interval %(low)s to %(high)s") % {"low": number_format(low, 2), "high": number_format(high, 2)}


def _how_many(count: int) -> str:
    return ngettext("%(n)s number or name", "%(n)s numbers or names", count) % {"n": grouped(count)}


def _chart(name: str, points: list[list[float]]) -> tuple[str, list[dict[str, Any]]]:
    if name != "roc_curve":
        return _words(name), [{"name": _words(name), "points": points}]
    guessing = {"name": _("Guessing"), "points": [[0, 0], [1, 1]]}
    return _("ROC curve"), [{"name": _("This model"), "points": points}, guessing]


def _model(text: str) -> Preview:
    data = _object(text)
    return Preview(
        facts=[
            (_words(name), _how_many(len(value)) if isinstance(value, list | dict) else value)
            for name, value in data.items()
        ]
    )


def _table(text: str) -> Preview:
    rows = list(csv.reader(io.StringIO(text), strict=True))
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise ValueError
    return Preview(columns=rows[0], rows=rows[1 : MOST_ROWS + 1])


def _card(text: str) -> Preview:
    """Headings, lists and paragraphs; everything else in a model card stays plain text."""
    shown = Preview()
    for part in text[:MOST_TEXT].replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        while lines and lines[0].startswith("#"):
            line = lines.pop(0)
            shown.blocks.append(("h2" if line.startswith("# ") else "h3", line.lstrip("# ")))
        if lines and all(line.startswith("- ") for line in lines):
            shown.blocks.append(("ul", [line[2:] for line in lines]))
        elif lines:
            shown.blocks.append(("p", " ".join(lines).replace("`", "")))
    return shown


def _flat(words: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [pair for name, inner in value.items() for pair in _flat(f"{words}: {_words(name)}", inner)]
    return [(words, ", ".join(map(str, value)) if isinstance(value, list) else value)]


def _object(text: str) -> dict[str, Any]:
    data = json.loads(text)
    if not isinstance(data, dict):
        raise ValueError
    return data


def _words(name: str) -> str:
    return said(label_of(str(name)))


def _number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _pair(value: Any) -> TypeGuard[list[float]]:
    return isinstance(value, list) and len(value) == 2 and all(map(_number, value))
