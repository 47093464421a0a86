"""Makes devices.json from the recipe of the open `deid` package; run by hand when a newer one is taken.

    python curation/deid/data/distil_devices.py deid/data/deid.dicom COMMIT DATE

The recipe (MIT licence, github.com/pydicom/deid) was made from the script of RSNA's Clinical Trial Processor and from
what its users added; who vouches for a row stands behind its label. We have verified none of them, and each says so. A
row with a condition that our header reading does not know is left out, never widened.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FIELDS = {
    "Modality": "modality",
    "Manufacturer": "manufacturer",
    "Manfacturer": "manufacturer",  # misspelt in two rows of the recipe, which there never match
    "ManufacturerModelName": "model",
    "ImageType": "image_type",
    "SeriesDescription": "series",
    "BurnedInAnnotation": "burned_in",
    "Rows": "rows",
    "Columns": "columns",
}
# What the recipe writes for a modality that no file has (PS3.3 section C.7.3.1.1.1).
NO_MODALITIES = frozenset({"mri", "pet/ct", "other"})
_LABEL = re.compile(r"LABEL\s+(.*?)\s*(?:#\s*)?(?:\((\w[\w ]*)\)\s*)?$")
_NUMBERS = ("rows", "columns")


class Unknown(Exception):
    """A condition that cannot be asked of a header here."""


def conditions(line: str) -> Iterator[tuple[str, list[Any]]]:
    """The alternatives of one line, each a field with the texts of which one must be in its value."""
    for part in line.lstrip("+ ").split("||"):
        verb, field, *rest = part.split(maxsplit=2)
        if verb not in ("contains", "equals") or field not in FIELDS or not rest:
            raise Unknown(field)
        values = [value.strip().rstrip("+").lower() for value in rest[0].split("|")]
        if any("+" in value for value in values) or NO_MODALITIES & set(values):
            raise Unknown(rest[0])
        name = FIELDS[field]
        yield name, [int(value) for value in values] if name in _NUMBERS else values


def region(line: str) -> list[int]:
    """Left, top, width and height: as CTP's script has them, or from the recipe's two corners."""
    verb, numbers = line.split(maxsplit=1)
    left, top, right, bottom = (int(number) for number in numbers.split(","))
    return [left, top, right, bottom] if verb == "ctpcoordinates" else [left, top, right - left, bottom - top]


def blocks(text: str) -> Iterator[list[str]]:
    """The lines of each label's block, without those of the header rules."""
    block: list[str] = []
    for line in text.split("%header")[0].splitlines():
        line = line.strip()
        if line.startswith(("LABEL", "%")):
            yield block
            block = []
        if line and not line.startswith(("#", "%", "FORMAT")):
            block.append(line)
    yield block


def rows_of(block: list[str]) -> Iterator[dict[str, Any]]:
    """The rows that one block comes to: several where it names alternatives. Raises Unknown."""
    regions = [region(line) for line in block if "coordinates" in line]
    if not regions:
        return
    label, by = _LABEL.findall(block[0])[0]
    found: list[dict[str, Any]] = [{"label": label, "by": by}]
    for line in block[1:]:
        if "coordinates" not in line:
            found = [{**row, **_narrowed(row, *each)} for row in found for each in conditions(line)]
    yield from ({**row, "blank": regions} for row in found)


def _narrowed(row: dict[str, Any], name: str, values: list[Any]) -> dict[str, Any]:
    """A second condition on the same field replaces the first where it says more."""
    if name in row and all(any(str(old) in str(new) for old in row[name]) for new in values):
        return {name: values}
    if name in row:
        raise Unknown(name)
    return {name: values}


def main(recipe: str, commit: str, date: str) -> None:
    """Writes devices.json; says what was left out."""
    rows: list[dict[str, Any]] = []
    for block in blocks(Path(recipe).read_text(encoding="utf-8")):
        try:
            found = list(rows_of(block))
        except Unknown as unknown:
            sys.stdout.write(f"left out: {block[0]}, which asks for {unknown}\n")
            continue
        rows += [row for row in found if row not in rows]
    source = f"github.com/pydicom/deid, deid/data/deid.dicom, commit {commit[:10]} (MIT)"
    lines = []
    for number, row in enumerate(rows, 1):
        by = row.pop("by")
        vouched = f"the recipe of deid ({by})" if by else "the recipe of deid"
        says = {"vouched_by": vouched, "source": source, "date": date, "verified_by": ""}
        lines.append(json.dumps({"id": f"deid-{number:03}", **row, **says}, ensure_ascii=True))
    body = ",\n".join(lines)
    (HERE / "devices.json").write_text(f'{{"source": {json.dumps(source)},\n"rows": [\n{body}\n]}}\n')


if __name__ == "__main__":
    main(*sys.argv[1:4])
