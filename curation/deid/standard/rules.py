"""The standard's rules as data: Table E.1-1 of DICOM PS3.15 with its ten options, and the digest that names them."""

import hashlib
import json
from typing import NamedTuple

from pydicom._dicom_dict import DicomDictionary
from pydicom._uid_dict import UID_dictionary

from ..resources import DATA, HERE, load

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


_rules = load("rules.json")
SOURCE: str = _rules["source"]
ROWS: dict[int, Row] = {
    int(key, 16): Row(row["name"], row["basic"], row.get("options", {}))
    for key, row in _rules["rows"].items()
    if "X" not in key
}
TYPES = load("attribute_types.json")

# Modules that hold rules as lists beside the tables in data/.
_LISTS = (
    *("pictures/criteria", "pictures/devices", "pictures/pixels", "pictures/regions"),
    *("content/concepts", "private/acquisition", "private/csa_protocol", "private/csa_tags", "private/ge_protocol"),
    *("standard/coding_schemes", "standard/sop_classes", "standard/strengthening", "texts/codes", "texts/makers"),
    *("texts/technical", "texts/vocabulary", "texts/words", "values/terms"),
)
# Raised by hand when other code changes what is written for the same rules; a test holds known outputs against it.
ENGINE = 3


def _digest() -> str:
    """SHA-256 over everything that decides: it changes with the rules, so that a file says by which it was cleaned.

    The public dictionary decides as well: it says which elements and UIDs are known, and of which VR they are.
    """
    files = [*sorted(DATA.glob("*.json")), *(HERE / f"{name}.py" for name in _LISTS)]
    parts = [ENGINE, sorted((tag, entry[0]) for tag, entry in DicomDictionary.items()), sorted(UID_dictionary)]
    parts += [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


STANDARD_DIGEST = _digest()
