"""Scores the pictures' cleaning on everything that was drawn, and writes the tables into the page about it.

`python -m tests.pixels.evidence [words]`: with words, only the cases whose names or groups hold one, told and not kept.
"""

import sys
from pathlib import Path

from curation.pixels.examine import examine

from .cases import every
from .outcomes import outcome
from .scores import missed, tables

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "pixel-evidence.md"
START, END = "<!-- score: `python -m tests.pixels.evidence` writes what follows -->", "<!-- end of score -->"


def main(words: list[str]) -> None:
    """Replaces what stands between the marks; says on the way what went wrong."""
    found = []
    for case in every():
        if words and not any(word in (case.group, case.name) or word in case.name for word in words):
            continue
        found.append(outcome(case, examine))
        last = found[-1]
        if words or last.missed or last.changed:
            told = (case.group, case.name, last.risk, " ".join(last.reasons), f"{last.missed} missed",
                    f"{sum(last.found)} of {len(last.found)} found", f"{last.changed} changed elsewhere")  # fmt: skip
            sys.stdout.write(" | ".join(told) + "\n")
            sys.stdout.flush()
    if words:
        sys.stdout.write(tables(found) + "\n")
    else:
        before, _, rest = PAGE.read_text().partition(START)
        PAGE.write_text(f"{before}{START}\n\n{tables(found)}\n\n{END}{rest.partition(END)[2]}")
    sys.stdout.write(f"missed: {missed(found)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
