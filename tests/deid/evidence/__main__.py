"""Scores the engine on everything planted, and writes the table into the page about the evidence."""

import sys
from pathlib import Path

from curation.deid import BASIC, RESEARCH

from .midib import failed, score
from .scores import all_of

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "deid-evidence.md"
START, END = "<!-- score: `python -m tests.deid.evidence` writes what follows -->", "<!-- end of score -->"


def main() -> None:
    """Replaces what stands between the marks; says on the way what went wrong."""
    found = {profile.name: list(all_of(profile)) for profile in (BASIC, RESEARCH)}
    for name, checks in found.items():
        sys.stdout.writelines(f"{name}: {line}\n" for line in failed(checks))
    before, _, rest = PAGE.read_text().partition(START)
    PAGE.write_text(f"{before}{START}\n\n{score(found)}\n\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
