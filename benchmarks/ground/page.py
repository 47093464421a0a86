"""Writes the newest figures of every benchmark into docs/performance.md, between its two marks."""

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.ground.report import FOLDER, ROOT

PAGE = ROOT / "docs" / "performance.md"
START, END = "<!-- figures: `make bench` writes what follows -->", "<!-- end of figures -->"
TITLES = {
    "deid": "De-identification",
    "pixels": "Pictures: searched for writing and cleaned",
    "browser": "The engine in a donor's browser",
    "pipeline": "From upload to accepted, with SQLite and a folder",
    "pipeline-servers": "From upload to accepted, with servers: PostgreSQL and S3 (radosgw)",
    "matching": "Matching consent",
    "due": "Due work and the embedded broker",
    "log": "The public log",
    "store": "The object store: plain and sealed",
    "intake": "Fifty donors upload at once, with servers: PostgreSQL and S3 (radosgw)",
}
#: What a figure is compared with or counted over, and how that is said.
AGAINST = {
    "floor": "{} × the floor",
    "native": "{} × the time that it takes natively",
    "pydicom": "{} × pydicom's read and write",
    "polling": "{} × the polling interval",
    "cold": "{} × the time that it took",
    "takes": "takes {}",
    "donors": "{} donors",
    "limit": "at most {}",
    "terms": "{} different terms",
}


def tables(so_far: str) -> Iterator[str]:
    """A heading and a table for each benchmark: of its run here, or, where it has not run here, what stands there."""
    kept = {section.partition("\n")[0]: section for section in so_far.split("\n### ")}
    for name, title in TITLES.items():
        path = FOLDER / f"{name}.json"
        if path.exists():
            yield from table(title, json.loads(path.read_text()))
        elif title in kept:
            yield f"\n### {kept[title].rstrip()}"


def table(title: str, told: dict[str, Any]) -> Iterator[str]:
    """One benchmark's figures, with the day, the number of cores and how busy the machine was."""
    machine = told["machine"]
    yield f"\n### {title}\n"
    load = " to ".join(str(value) for value in machine["load"])
    yield f"{told['day']}, {machine['cores']} cores with a load of {load}, Python {machine['python']}.\n"
    yield "| What | Value | Unit | Against |\n| :-- | --: | :-- | :-- |"
    for figure in told["figures"]:
        against = "; ".join(words.format(_plain(figure[key])) for key, words in AGAINST.items() if key in figure)
        yield f"| {figure['name']} | {_plain(figure['value'])} | {figure['unit']} | {against} |"


def _plain(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def main() -> None:
    """Replaces what stands between the marks."""
    before, _, rest = PAGE.read_text().partition(START)
    so_far, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{START}\n" + "\n".join(tables(so_far)) + f"\n\n{END}{after}")


if __name__ == "__main__":
    main()
