"""Another validator, dciodvfy of dicom3tools, finds no error in a blanked file that it did not have before."""

import warnings
from pathlib import Path

import pytest

from curation.deid import RESEARCH, Cleaned, deidentify
from curation.deid.pictures.plan import Region
from curation.pixels.frames import open_picture
from curation.pixels.limits import CannotShow
from curation.pixels.rewrite import rewritten
from tests.deid import corpus
from tests.deid.evidence.sweep import KEY
from tests.deid.validator import ALL_UNKNOWN, UNJUDGED, errors
from tests.pixels.sources import NEW_UID

_LARGE = 4 << 20


def new_errors(path: Path, source: bytes) -> set[str] | None:
    """What the validator says of a file whose first frame has a corner blanked; None where there is no such file."""
    cleaned = deidentify(source, key=KEY, profile=RESEARCH)
    if not isinstance(cleaned, Cleaned):
        return None
    before = errors(path, cleaned.data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            open_picture(cleaned.data)
            made = rewritten(cleaned.data, {0: [Region(0, 0, 8, 8)]}, hidden_bits=False, new_uid=NEW_UID, checked=True)
    except CannotShow:
        return None
    return errors(path, made.data) - before if UNJUDGED.isdisjoint(before) else set()


@pytest.mark.nightly
def test_no_real_file_gains_an_error(tmp_path: Path) -> None:
    files = [path for path in corpus.files() if path.stat().st_size < _LARGE and path.name != ALL_UNKNOWN]
    found = {corpus.short_name(path): new_errors(tmp_path / "x.dcm", path.read_bytes()) for path in files}
    assert {name: new for name, new in found.items() if new} == {}
    assert sum(new is not None for new in found.values()) > 100
