"""What a running job may say about itself: a step count and a few rounded numbers under names known beforehand."""

import json
import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

# The way out of the sandbox while a job runs is narrow on purpose: rounded numbers, few of them.
LONGEST_LINE = 2000
MOST_STEPS = 200
SIGNIFICANT_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One progress line: step `step` of `of`, and metrics by name."""

    step: int
    of: int
    metrics: dict[str, float]

    @property
    def fraction(self) -> float:
        """How far the run says it is, from 0 to 1."""
        return min(1.0, self.step / self.of)


def parse_step(line: bytes, allowed: Collection[str]) -> Step | None:
    """One untrusted line `{"step":1,"of":9,"metrics":{"auc":0.8}}`; None for what is not one.

    Metrics whose name is not in `allowed`, or that are no finite number, are left out.
    """
    if len(line) > LONGEST_LINE:
        return None
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not _count(data.get("step"), 0) or not _count(data.get("of"), 1):
        return None
    given = data.get("metrics")
    metrics = given if isinstance(given, dict) else {}
    kept = {name: _rounded(metrics[name]) for name in sorted(allowed) if _finite(metrics.get(name))}
    return Step(step=min(data["step"], data["of"]), of=data["of"], metrics=kept)


def _count(value: Any, least: int) -> bool:
    return type(value) is int and least <= value <= 1_000_000


def _finite(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 1e12 and math.isfinite(value)


def _rounded(value: float) -> float:
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
