"""Findings and sheets as the rows that keep them: objects of JSON, with the names of curation/pixels/task.py."""

from collections.abc import Iterable
from typing import Any

from curation.pixels.task import Finding, Sheet


def marks_of(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Places in a picture: {"frame", "region": {"left", "top", "width", "height"}, "kind", "blanked", …}."""
    return [each._asdict() | {"region": each.region._asdict(), "kind": str(each.kind)} for each in findings]


def sheet_of(sheet: Sheet) -> list[dict[str, Any]]:
    """Which frames a PNG shows and where: {"frame", "region", "scale"}."""
    return [each._asdict() | {"region": each.region._asdict()} for each in sheet.frames]
