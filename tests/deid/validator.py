"""Another validator: what dciodvfy of dicom3tools finds wrong in a file."""

import re
import subprocess
from pathlib import Path

# UIDs and values differ by right; names of attributes and modules (Element=<...> Module=<...>) do not.
_VALUES = re.compile(r"= <[^>]*>|\[\d+\]|\b\d+(?:\.\d+)+\b|\b0\b")
#: Where a source cannot be read, or does not say what it is, the validator judges only what is made of it.
UNJUDGED = frozenset({"Error - Dicom dataset read failed", "Error - Information Object Not found"})
#: Written as UN throughout: only in what is made of it can the validator read the values on which conditions depend.
ALL_UNKNOWN = "explicit_VR-UN.dcm"


def errors(path: Path, data: bytes) -> set[str]:
    """The validator's error lines without the values in them; `path`: where it may write the file."""
    path.write_bytes(data)
    told = subprocess.run(["dciodvfy", path], capture_output=True, timeout=60, check=False)
    lines = (told.stdout + told.stderr).decode("latin-1").splitlines()
    return {_VALUES.sub("", line).strip() for line in lines if line.startswith("Error")}
