"""The standard's rules as data: Table E.1-1 of DICOM PS3.15 with its ten options, and the digest that names them."""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from pydicom._dicom_dict import DicomDictionary
from pydicom._uid_dict import UID_dictionary

from . import strengthening

#: The option columns of Table E.1-1 (PS3.15 section E.3). The two for pixels are no columns: they say nothing of
#: attributes.
OPTIONS = (
    "retain_safe_private",
    "retain_uids",
    "retain_device_identity",
    "retain_institution_identity",
    "retain_patient_characteristics",
    "retain_long_full_dates",
    "retain_long_modified_dates",
    "clean_descriptors",
    "clean_structured_content",
    "clean_graphics",
)
TABLE = "PS3.15 E.1-1"


class Row(NamedTuple):
    """One row of Table E.1-1: the basic action, and the actions under the options that change it."""

    name: str
    basic: str
    options: dict[str, str]


def load(name: str) -> dict[str, Any]:
    """One of this package's data files."""
    text = (Path(__file__).parent / "data" / name).read_text(encoding="ascii")
    content: dict[str, Any] = json.loads(text)
    return content


def _digest(*parts: object) -> str:
    """SHA-256 over everything that decides, in canonical JSON."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), default=sorted)
    return hashlib.sha256(text.encode()).hexdigest()


_rules = load("rules.json")
SOURCE: str = _rules["source"]
ROWS: dict[int, Row] = {
    int(key, 16): Row(row["name"], row["basic"], row.get("options", {}))
    for key, row in _rules["rows"].items()
    if "X" not in key
}
TYPES = load("attribute_types.json")

# Changes with every change of rules, so that a cleaned file says by which it was cleaned. ENGINE is raised by hand
# when code changes what is written for the same rules; a test holds known outputs against it. The public dictionary
# decides as well: it says which elements and UIDs are known, and of which VR they are.
ENGINE = 2
_DATA = sorted(path for path in (Path(__file__).parent / "data").iterdir() if path.suffix in (".json", ".txt"))
STANDARD_DIGEST: str = _digest(
    ENGINE,
    sorted((tag, entry[0]) for tag, entry in DicomDictionary.items()),
    sorted(UID_dictionary),
    {f"{tag:08X}": action for tag, action in strengthening.OWN.items()},
    [strengthening.NEVER_SHIFTED, strengthening.TERMS, strengthening.BULK, strengthening.CODING_SCHEMES],
    [strengthening.SITES, strengthening.DEVICES],
    [hashlib.sha256(path.read_bytes()).hexdigest() for path in _DATA],
)
