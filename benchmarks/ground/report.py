"""Tells figures: a line of JSON for each as it is found, and all of a benchmark's in var/bench/ for the page."""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "bench"


class Report:
    """The figures of one benchmark."""

    def __init__(self, benchmark: str) -> None:
        self.benchmark = benchmark
        self.figures: list[dict[str, Any]] = []
        self.load_before = os.getloadavg()[0]

    def figure(self, name: str, value: float, unit: str, **facts: Any) -> None:
        """One figure with what belongs to it: `floor` or `peer` ratios, counts, versions."""
        found = {"name": name, "value": float(f"{value:.4g}"), "unit": unit, **facts}
        self.figures.append(found)
        sys.stdout.write(json.dumps({"benchmark": self.benchmark} | found) + "\n")
        sys.stdout.flush()

    def write(self) -> None:
        """Keeps the figures, with what is needed to judge them, as var/bench/<benchmark>.json."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        machine = {
            "cores": len(os.sched_getaffinity(0)),
            "python": platform.python_version(),
            "load": [round(self.load_before, 1), round(os.getloadavg()[0], 1)],
        }
        told = {"benchmark": self.benchmark, "day": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine}
        (FOLDER / f"{self.benchmark}.json").write_text(json.dumps(told | {"figures": self.figures}, indent=1) + "\n")


def ratio(value: float, of: float) -> float:
    """How many times `of` the value is, with two digits that mean something."""
    return float(f"{value / of:.2g}")
