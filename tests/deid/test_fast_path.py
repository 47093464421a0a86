"""The fast way gives the bytes of the plain way: on every real file, after any other file, in any order."""

from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.ground.scanner import ct_series
from curation.deid import BASIC, RESEARCH, Cleaned, Deidentifier, Profile, Quarantined, deidentify, derive_subject_key
from curation.deid.files.container import read_container
from curation.deid.source import Source, completed, read_plainly

from . import corpus, reference

KEY = derive_subject_key(bytes(range(32)), "donor-1")


# Where pydicom converts a value while it reads, and writes it with other padding.
PYDICOM_DIFFERS = {"SC_rgb_gdcm_KY.dcm", "SC_rgb_gdcm2k_uncompressed.dcm"}


class Plain(Deidentifier):
    """The engine without its fast reader and without memory."""

    def read(self, data: bytes) -> Source:
        return read_plainly(read_container(data))


@pytest.fixture(params=corpus.files(), ids=corpus.short_name)
def path(request: pytest.FixtureRequest) -> Path:
    """Each real file in turn."""
    chosen: Path = request.param
    return chosen


@pytest.mark.parametrize("profile", [BASIC, RESEARCH], ids=lambda profile: profile.name)
def test_fast_and_plain_reading_agree(path: Path, profile: Profile) -> None:
    data = path.read_bytes()
    fast = Deidentifier(KEY, profile=profile)
    # The first is read as a whole, the second in units, of which the third makes longer ones.
    results = [fast.clean(data) for _ in range(4)]
    plain = Plain(KEY, profile=profile).clean(data)
    for result in results:
        assert type(result) is type(plain)
        if isinstance(result, Cleaned) and isinstance(plain, Cleaned):
            assert result.data == plain.data
            assert result.decisions == plain.decisions
            assert (result.warnings, result.pixel_risk) == (plain.warnings, plain.pixel_risk)
        else:
            assert result == plain


def test_pydicoms_reader_and_writer_give_the_same_bytes(path: Path) -> None:
    data = path.read_bytes()
    result = deidentify(data, key=KEY)
    if isinstance(result, Quarantined) or lacks_identifiers(data):
        return
    assert (result.data == reference.deidentified(data, KEY, RESEARCH)) == (path.name not in PYDICOM_DIFFERS)


def lacks_identifiers(data: bytes) -> bool:
    """Whether the engine makes identifiers that the file should have."""
    source = read_plainly(read_container(data))
    return completed(source, "") is not source


SERIES = ct_series(3)
SOME = [path.read_bytes() for path in corpus.files() if path.suffix == ".dcm" and path.stat().st_size < 100_000][::9]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(SERIES + SOME), min_size=2, max_size=6))
def test_what_was_cleaned_before_changes_nothing(files: list[bytes]) -> None:
    remembering = Deidentifier(KEY)
    for data in files:
        result, alone = remembering.clean(data), deidentify(data, key=KEY)
        assert type(result) is type(alone)
        assert not isinstance(result, Cleaned) or result.data == alone.data  # type: ignore[union-attr]  # same type


def of_kind(sop_class: str) -> bytes:
    """A real CT slice that says it is an object of another kind, with what not every kind may have or lack."""
    dataset = pydicom.dcmread(BytesIO(SERIES[0]))
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = pydicom.uid.UID(sop_class)
    dataset.DateOfLastDetectorCalibration, dataset.SeriesTime = "20040119", "07"
    out = BytesIO()
    dataset.save_as(out)
    return out.getvalue().replace(b"TM\2\x0007", b"TM\2\x007 ")  # no time, so that the fallback holds


def test_what_one_kind_of_object_decides_otherwise_is_decided_anew() -> None:
    kinds = [of_kind(f"1.2.840.10008.5.1.4.1.1.{last}") for last in ("2", "4", "7", "20", "128", "1.2")]
    alone = [deidentify(data, key=KEY) for data in kinds]
    sizes = {result.size for result in alone if isinstance(result, Cleaned)}
    assert len(sizes) > 2
    remembering = Deidentifier(KEY)
    for data, expected in [*zip(kinds, alone, strict=True)] * 4:
        result = remembering.clean(data)
        assert isinstance(result, Cleaned)
        assert isinstance(expected, Cleaned)
        assert (result.data, result.decisions) == (expected.data, expected.decisions)
