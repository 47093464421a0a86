"""What a sender says of a file before it comes: size, digests, numbers, whether it is coded; no name. Plain Python."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from core.errors import Invalid

MOST_FILES: Final = 10_000
_NUMBERS: Final = range(1 << 31)
_SIZES: Final = range(1 << 50)
_SHA256: Final = re.compile("[0-9a-f]{64}")
_KEYS: Final = frozenset({"index", "size", "sha256", "series", "coded", "study"})


class Standing(StrEnum):
    """What a promised file lacks."""

    MISSING = "missing"  # its bytes, from the offset on
    PRESENT = "present"  # nothing: this donor gave it before
    REFUSED = "refused"  # it came, or cannot come, and is not taken


@dataclass(frozen=True)
class Promised:
    """One file: `index` is the sender's own number for it, `series` that of its series; `size` is in bytes.

    `coded`: the sender's own browser has de-identified it. `study`: of such a file, the SHA-256 of the Study Instance
    UID that it had before, if the sender tells it: the one that it has now is the same for nobody else.
    """

    index: int
    size: int
    sha256: str
    series: int | None = None
    coded: bool = False
    study: str = ""


def read_manifest(body: object) -> list[Promised]:
    """The files of `{"files": [{"index": 0, "size": 9, "sha256": "…", "series": 0}]}`.

    Raises Invalid, with no value in it: also for a key that is not one of these, because it might hold a name.
    """
    files = body.get("files") if isinstance(body, Mapping) and set(body) == {"files"} else None
    if not isinstance(files, list) or not files:
        raise Invalid("Send the manifest as JSON: an object with a list called files.", "manifest")
    if len(files) > MOST_FILES:
        raise Invalid(f"Send at most {MOST_FILES:,} files in one manifest, and the others in the next.", "manifest")
    found = [_file(place, entry) for place, entry in enumerate(files)]
    if len({each.index for each in found}) != len(found):
        raise Invalid("Give each file of the manifest an index of its own.", "manifest")
    said: dict[str, bool] = {}
    if any(said.setdefault(each.sha256, each.coded) != each.coded for each in found):
        raise Invalid("The manifest says of the same file that it is coded and that it is not.", "manifest")
    return found


def _file(place: int, entry: Any) -> Promised:
    if not isinstance(entry, dict) or not set(entry) <= _KEYS:
        raise _wrong(place, "give index, size, sha256, series, coded and study, and nothing else")
    index, size, sha256, series = (entry.get(key) for key in ("index", "size", "sha256", "series"))
    coded, study = entry.get("coded", False), entry.get("study", "")
    values: tuple[Any, Any, str, Any, Any, Any] = (index, size, str(sha256), series, coded, study)
    if not _is_number(index, _NUMBERS) or not (series is None or _is_number(series, _NUMBERS)):
        raise _wrong(place, "index and series are whole numbers from 0")
    if not _is_number(size, _SIZES):
        raise _wrong(place, "size is a whole number of bytes")
    if not _is_digest(sha256):
        raise _wrong(place, "sha256 is 64 hexadecimal digits in small letters")
    if not isinstance(coded, bool):
        raise _wrong(place, "coded is true or false")
    if "study" in entry and not (coded and _is_digest(study)):
        raise _wrong(place, "study is 64 hexadecimal digits in small letters, and of a coded file alone")
    return Promised(*values)


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def _is_number(value: object, among: range) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in among


def _wrong(place: int, what: str) -> Invalid:
    return Invalid(f"File {place + 1} of the manifest cannot be used: {what}.", "manifest")
