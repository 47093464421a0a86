"""Another validator, dciodvfy of dicom3tools, finds no error in what is written that the source did not have."""

from pathlib import Path

import pytest

from curation.deid import BASIC, RESEARCH, Cleaned, Profile, deidentify
from tests.deid import corpus
from tests.deid.validator import ALL_UNKNOWN, UNJUDGED, errors

from .sweep import KEY

_LARGE = 4 << 20


def new_errors(path: Path, source: bytes, profile: Profile) -> set[str]:
    """What the validator says of the cleaned file and not of its source; nothing where it cannot judge the source."""
    result = deidentify(source, key=KEY, profile=profile)
    before = errors(path, source)
    return errors(path, result.data) - before if isinstance(result, Cleaned) and UNJUDGED.isdisjoint(before) else set()


@pytest.mark.nightly
@pytest.mark.parametrize("profile", [BASIC, RESEARCH], ids=lambda profile: profile.name)
def test_no_real_file_gains_an_error(profile: Profile, tmp_path: Path) -> None:
    files = [path for path in corpus.files() if path.stat().st_size < _LARGE and path.name != ALL_UNKNOWN]
    found = {corpus.short_name(path): new_errors(tmp_path / "x.dcm", path.read_bytes(), profile) for path in files}
    assert {name: new for name, new in found.items() if new} == {}
    assert len(found) > 250


@pytest.mark.nightly
def test_an_error_would_be_seen(tmp_path: Path) -> None:
    source = next(path for path in corpus.files() if path.name == "CT_small.dcm").read_bytes()
    broken = source.replace(b"\x08\0\x60\0CS\2\0CT", b"\x08\0\x60\0CS\2\0??")
    assert errors(tmp_path / "x.dcm", broken) - errors(tmp_path / "x.dcm", source)
