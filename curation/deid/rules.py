"""The rules as data: Table E.1-1 of DICOM PS3.15, the profile in use, and the digest that names both."""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from pydicom._dicom_dict import DicomDictionary
from pydicom._uid_dict import UID_dictionary

from . import strengthening

# The Basic Profile with Retain Longitudinal Temporal Information with Modified Dates (PS3.15 section E.3.6).
OPTIONS = ("retain_long_modified_dates",)
TABLE = "PS3.15 E.1-1"


class Row(NamedTuple):
    """One row of Table E.1-1 as the profile in use reads it."""

    name: str
    basic: str
    action: str
    device: bool


def _load(name: str) -> dict[str, Any]:
    text = (Path(__file__).parent / "data" / name).read_text(encoding="ascii")
    content: dict[str, Any] = json.loads(text)
    return content


def _row(content: dict[str, Any]) -> Row:
    options = content.get("options", {})
    action = next((options[name] for name in OPTIONS if name in options), content["basic"])
    return Row(content["name"], content["basic"], action, "retain_device_identity" in options)


def _digest(*parts: object) -> str:
    """SHA-256 over everything that decides, in canonical JSON."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), default=sorted)
    return hashlib.sha256(text.encode()).hexdigest()


_rules = _load("rules.json")
SOURCE: str = _rules["source"]
ROWS: dict[int, Row] = {int(key, 16): _row(row) for key, row in _rules["rows"].items() if "X" not in key}
TYPES = _load("attribute_types.json")

# Changes with every change of rules, so that a cleaned file says by which it was cleaned. ENGINE is raised by hand
# when code changes what is written for the same rules; a test holds known outputs against it. The public dictionary
# decides as well: it says which elements and UIDs are known, and of which VR they are.
ENGINE = 1
RULES_DIGEST: str = _digest(
    ENGINE,
    sorted((tag, entry[0]) for tag, entry in DicomDictionary.items()),
    sorted(UID_dictionary),
    OPTIONS,
    _rules,
    TYPES,
    {f"{tag:08X}": action for tag, action in strengthening.OWN.items()},
    [strengthening.NEVER_SHIFTED, strengthening.TERMS, strengthening.BULK, strengthening.CODING_SCHEMES],
)
