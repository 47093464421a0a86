"""Makes this folder's tables from published facts; run by hand when a new edition of the standard is taken.

    python curation/deid/data/distil.py TABLE_E1_1.json HIGHDICOM_STANDARD_FOLDER
    python curation/deid/data/distil.py TABLE_E3_4_1.json
    python curation/deid/data/distil.py TABLE_E3_10_1.json

The first of two arguments lists the rows of PS3.15 Table E.1-1. The second is the folder `highdicom/_standard` of the
highdicom package (MIT), whose tables say which attribute has which Type in which object (PS3.3). A single argument
lists the rows of PS3.15 Table E.3.4-1 or E.3.10-1.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydicom.datadict import tag_for_keyword

HERE = Path(__file__).parent
CONCEPT_OPTIONS = {
    "Rtn. UIDs Opt.": "retain_uids",
    "Rtn. Dev. Id. Opt.": "retain_device_identity",
    "Rtn. Inst. Id. Opt.": "retain_institution_identity",
    "Rtn. Pat. Chars. Opt.": "retain_patient_characteristics",
    "Rtn. Long. Full Dates Opt.": "retain_long_full_dates",
    "Rtn. Long. Modif. Dates Opt.": "retain_long_modified_dates",
    "Clean Desc. Opt.": "clean_descriptors",
}
STRICTNESS = {"1": 1, "1C": 1, "2": 2, "2C": 2, "3": 3, "None": 3}


def rule_rows(source: dict[str, Any]) -> dict[str, Any]:
    """The rows keyed by eight hexadecimal digits, with all ten option columns, in tag order."""
    rows: dict[str, Any] = {}
    for row in source["rows"]:
        key = row["tag"][1:10].replace(",", "")
        if key.startswith("GGGG"):
            continue
        rows[key] = {"name": row["name"], "basic": row["basic"], "edition": row["edition"]}
        if row["options"]:
            rows[key]["options"] = dict(sorted(row["options"].items()))
    return dict(sorted(rows.items()))


def safe_private_rows(source: dict[str, Any]) -> dict[str, Any]:
    """VR, VM and meaning of each safe private attribute, by creator and by group and last byte ('0019xx23')."""
    rows: dict[str, dict[str, list[str]]] = {}
    for row in source["rows"]:
        key = row["tag"][1:5].upper() + "xx" + row["tag"][8:10].upper()
        rows.setdefault(row["creator"], {})[key] = [row["vr"], row["vm"], row["meaning"]]
    return {creator: dict(sorted(of_it.items())) for creator, of_it in sorted(rows.items())}


def safe_private(table: str) -> None:
    """The safe private attributes, from the source named on the command line."""
    source = json.loads(Path(table).read_text())
    name = source["table"].replace(" (safe private attributes)", "")
    write("safe_private.json", name, {"rows": safe_private_rows(source)})


def typed_attributes(folder: Path, iods: set[str]) -> Iterator[tuple[str, str, int]]:
    """(IOD, 'parent:tag', Type) for every attribute of every module of the IODs; the parent 00000000 is the root."""
    modules = json.loads((folder / "module_attribute_map.json").read_text())
    for iod, used in json.loads((folder / "iod_module_map.json").read_text()).items():
        if iod not in iods:
            continue
        for module in used:
            for attribute in modules.get(module["key"], ()):
                path = attribute["path"]
                parent = (tag_for_keyword(path[-1]) or 0) if path else 0
                tag = tag_for_keyword(attribute["keyword"])
                if tag is not None:
                    yield iod, f"{parent:08X}:{tag:08X}", STRICTNESS[attribute["type"]]


def attribute_types(folder: Path, rows: dict[str, Any]) -> dict[str, Any]:
    """The strictest Type of each attribute over all IODs, and per IOD where that one says otherwise.

    Where a rule leaves a choice by Type the IOD's own is always given.
    """
    by_class = json.loads((folder / "sop_class_iod_map.json").read_text())
    choice = {key for key, row in rows.items() if "/" in row["basic"]}
    strictest: dict[str, int] = {}
    per_iod: dict[str, dict[str, int]] = {}
    for iod, key, kind in typed_attributes(folder, set(by_class.values())):
        strictest[key] = min(kind, strictest.get(key, 3))
        table = per_iod.setdefault(iod, {})
        table[key] = min(kind, table.get(key, 3))
    return {
        "iod_of_sop_class": dict(sorted(by_class.items())),
        "any_iod": {key: kind for key, kind in sorted(strictest.items()) if kind < 3},
        "by_iod": {
            iod: {key: kind for key, kind in sorted(table.items()) if key[9:] in choice or kind != strictest[key]}
            for iod, table in sorted(per_iod.items())
        },
    }


def concept_rows(source: dict[str, Any]) -> dict[str, Any]:
    """The structured-content concepts keyed by 'code/scheme', then by value type."""
    rows: dict[str, Any] = {}
    for row in source["rows"]:
        concept = rows.setdefault(f"{row['Code Value']}/{row['Coding Scheme Designator']}", {})
        options = {ours: row[theirs] for theirs, ours in CONCEPT_OPTIONS.items() if theirs in row}
        concept[row["Value Type"]] = {"name": row["Code Meaning"], "basic": row["Basic Prof."]}
        if options:
            concept[row["Value Type"]]["options"] = options
    return dict(sorted(rows.items()))


def write(name: str, source: str, body: dict[str, Any]) -> None:
    """One JSON file that says where its facts are from."""
    text = json.dumps({"source": source, **body}, indent=0, ensure_ascii=True)
    (HERE / name).write_text(text + "\n")


def concepts(table: str) -> None:
    """The concept table, from its published rows."""
    source = json.loads(Path(table).read_text())
    write("sr_concepts.json", source["table"], {"rows": concept_rows(source)})


def main(table: str, highdicom: str) -> None:
    """Rules and attribute Types, from the two sources named on the command line."""
    rows = rule_rows(json.loads(Path(table).read_text()))
    editions = sorted({row["edition"] for row in rows.values()})
    write("rules.json", "DICOM PS3.15 Table E.1-1, editions " + " and ".join(editions), {"rows": rows})
    types = attribute_types(Path(highdicom), rows)
    write("attribute_types.json", "DICOM PS3.3 attribute Types, distilled from highdicom 0.28.2 (MIT)", types)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        (safe_private if "E.3.10-1" in json.loads(Path(sys.argv[1]).read_text())["table"] else concepts)(sys.argv[1])
    else:
        main(*sys.argv[1:3])
