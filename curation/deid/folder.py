"""De-identifies a folder of any shape: every file in, clean files under new names out, and a report on each."""

import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .engine import deidentify
from .identity import read_header
from .keys import derive_subject_key
from .results import Cleaned, Quarantined, Unreadable
from .rules import RULES_DIGEST, SOURCE
from .subject import decoded, encodings_of
from .tree import find

PATIENT_ID, ISSUER, STUDY = 0x00100020, 0x00100021, 0x0020000D
UNREADABLE_FILE = "The file could not be read from its disk."


def deidentify_folder(
    source: Path, target: Path, domain_key: bytes, subject: str = "", seen: Callable[[int], None] | None = None
) -> dict[str, Any]:
    """Cleans every file under `source` into `target` and returns the report; no file there is ever overwritten.

    Each file is one subject's: `subject` for all if it is given, else whom (issuer, Patient ID) names. The report
    names files by their place in the sorted walk and by SHA-256, since names may hold personal data. `seen` is
    called with the number of files done. Raises OSError when the target cannot be written.
    """
    target.mkdir(parents=True, exist_ok=True)
    entries = []
    rules: Counter[str] = Counter()
    for index, path in enumerate(files_under(source)):
        entry, decisions = clean_one(path, target, domain_key, subject)
        entries.append({"index": index, **entry})
        rules.update(decisions)
        if seen is not None:
            seen(index + 1)
    counts = Counter(entry["status"] for entry in entries)
    reasons = Counter(entry["reason"] for entry in entries if "reason" in entry)
    return {
        "rules": SOURCE,
        "rules_digest": RULES_DIGEST,
        "counts": {"files": len(entries), **dict(sorted(counts.items()))},
        "reasons": dict(sorted(reasons.items())),
        "elements_by_rule": dict(sorted(rules.items())),
        "files": entries,
    }


def files_under(folder: Path) -> Iterator[Path]:
    """Every regular file under a folder in a fixed order; links are not followed."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(here, name)
            if path.is_file() and not path.is_symlink():
                yield path


def subject_of(data: bytes) -> str:
    """Whose a file is: issuer and Patient ID, or the study where there is no Patient ID; raises Unreadable."""
    header = read_header(data)
    encodings = encodings_of(header, ["iso8859"])
    issuer, patient, study = (
        decoded(element, encodings).strip(" \0") if element is not None and element.items is None else ""
        for element in (find(header, ISSUER), find(header, PATIENT_ID), find(header, STUDY))
    )
    return f"patient\n{issuer}\n{patient}" if patient else f"study\n{study}"


def clean_one(path: Path, target: Path, domain_key: bytes, subject: str) -> tuple[dict[str, Any], Counter[str]]:
    """Cleans one file into `target`: its entry in the report, and how many elements each rule decided."""
    try:
        data = path.read_bytes()
    except OSError:
        return {"status": "skipped", "reason": "unreadable_file", "sentence": UNREADABLE_FILE}, Counter()
    try:
        key = derive_subject_key(domain_key, subject or subject_of(data))
        result = deidentify(data, key=key)
    except Unreadable as unreadable:
        result = Quarantined(unreadable.reason, unreadable.sentence, hashlib.sha256(data).hexdigest())
    if isinstance(result, Quarantined):
        entry = {"status": "quarantined", "reason": result.reason, "sentence": result.sentence}
        return {"source_sha256": result.source_sha256, **entry}, Counter()
    return _kept(result, target), result.decisions


def _kept(result: Cleaned, target: Path) -> dict[str, Any]:
    """The entry of a cleaned file, written where nothing stands yet.

    Two files that claim the same SOP Instance UID and differ are both kept: the second under its digest as well.
    """
    folder = target / result.study_uid / result.series_uid
    path = folder / f"{result.sop_instance_uid}.dcm"
    if not _write_new(path, result.data):
        path = folder / f"{result.sop_instance_uid}-{result.output_sha256[:16]}.dcm"
        _write_new(path, result.data)
    return {
        "status": "clean",
        "source_sha256": result.source_sha256,
        "output": path.relative_to(target).as_posix(),
        "output_sha256": result.output_sha256,
        "pixel_risk": result.pixel_risk,
        "warnings": result.warnings,
    }


def _write_new(path: Path, data: bytes) -> bool:
    """Writes a file whole or not at all; False when a different one stands there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return path.read_bytes() == data
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(data)
    try:
        os.link(draft.name, path)
    except FileExistsError:
        return path.read_bytes() == data
    finally:
        os.unlink(draft.name)
    return True
