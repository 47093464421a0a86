"""Another validator, dciodvfy of dicom3tools, finds no error in what is written that the source did not have."""

import re
import subprocess
from pathlib import Path

import pytest

from curation.deid import BASIC, RESEARCH, Cleaned, Profile, deidentify
from tests.deid import corpus

from .sweep import KEY

_LARGE = 4 << 20
# UIDs and values differ by right; names of attributes and modules (Element=<...> Module=<...>) do not.
_VALUES = re.compile(r"= <[^>]*>|\[\d+\]|\b\d+(?:\.\d+)+\b|\b0\b")
# Where the source cannot be read, or does not say what it is, the validator judges only what is made of it.
_UNJUDGED = frozenset({"Error - Dicom dataset read failed", "Error - Information Object Not found"})
# Written as UN throughout: only in what is made of it can the validator read the values on which conditions depend.
_ALL_UNKNOWN = "explicit_VR-UN.dcm"


def errors(path: Path, data: bytes) -> set[str]:
    """The validator's error lines without the values in them."""
    path.write_bytes(data)
    told = subprocess.run(["dciodvfy", path], capture_output=True, timeout=60, check=False)
    lines = (told.stdout + told.stderr).decode("latin-1").splitlines()
    return {_VALUES.sub("", line).strip() for line in lines if line.startswith("Error")}


def new_errors(path: Path, source: bytes, profile: Profile) -> set[str]:
    """What the validator says of the cleaned file and not of its source; nothing where it cannot judge the source."""
    result = deidentify(source, key=KEY, profile=profile)
    before = errors(path, source)
    return errors(path, result.data) - before if isinstance(result, Cleaned) and _UNJUDGED.isdisjoint(before) else set()


@pytest.mark.nightly
@pytest.mark.parametrize("profile", [BASIC, RESEARCH], ids=lambda profile: profile.name)
def test_no_real_file_gains_an_error(profile: Profile, tmp_path: Path) -> None:
    files = [path for path in corpus.files() if path.stat().st_size < _LARGE and path.name != _ALL_UNKNOWN]
    found = {corpus.short_name(path): new_errors(tmp_path / "x.dcm", path.read_bytes(), profile) for path in files}
    assert {name: new for name, new in found.items() if new} == {}
    assert len(found) > 250


@pytest.mark.nightly
def test_an_error_would_be_seen(tmp_path: Path) -> None:
    source = next(path for path in corpus.files() if path.name == "CT_small.dcm").read_bytes()
    broken = source.replace(b"\x08\0\x60\0CS\2\0CT", b"\x08\0\x60\0CS\2\0??")
    assert errors(tmp_path / "x.dcm", broken) - errors(tmp_path / "x.dcm", source)
