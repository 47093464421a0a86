"""Every real file with a picture opens and loses one corner and nothing else, or is refused by a code."""

import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.pixels import get_decoder

from curation.deid.pictures.plan import Region
from curation.pixels.frames import Picture, open_picture
from curation.pixels.hidden import hidden_bits
from curation.pixels.limits import CannotShow
from curation.pixels.rewrite import rewritten
from curation.rules.reasons import PICTURE
from tests.deid import corpus
from tests.pixels.sources import BASELINE, NEW_UID

#: What the gate tries: small files, of which a few take a tenth of a second.
SMALL, EVERY = 150_000, 2
FILES = [path for path in corpus.files() if path.suffix != ".gz"]
QUICK = [path for path in FILES if path.stat().st_size < SMALL][::EVERY]


def opened(data: bytes) -> Picture | None:
    """The picture; None where it is refused, which is by a code."""
    try:
        picture = open_picture(data)
        picture.cells(picture.count - 1)
    except CannotShow as refusal:
        assert refusal.reason in PICTURE  # noqa: PT017 - whether it is refused is what is asked
        return None
    return picture


def sweep(path: Path) -> None:
    """Decoded as pydicom does where it can; one corner of the last frame goes, and nothing else."""
    data = path.read_bytes()
    picture = opened(data)
    if picture is None:
        return
    last = picture.count - 1
    compare_with_pydicom(data, picture, last)
    assert hidden_bits(picture) in (True, False)
    height, width = max(picture.rows // 4, 1), max(picture.columns // 4, 1)
    region = Region(-1, -1, width + 1, height + 1)
    made = rewritten(data, {last: [region]}, hidden_bits=False, new_uid=NEW_UID, checked=False)
    after = open_picture(made.data)
    width += width % 2 if picture.layout.photometric.endswith("422") else 0
    old, new = picture.stored(last).copy(), after.stored(last).copy()
    values = new[:height, :width].reshape(height * width, -1)
    if picture.syntax != BASELINE:
        assert len(np.unique(values, axis=0)) == 1
        old[:height, :width] = new[:height, :width] = 0
        assert np.array_equal(old, new)
    if picture.count > 1 and after.syntax == picture.syntax:
        assert after.coded(0) == picture.coded(0)
    again = rewritten(made.data, {last: [region]}, hidden_bits=False, new_uid=NEW_UID, checked=False)
    assert again.data == made.data


def compare_with_pydicom(data: bytes, picture: Picture, index: int) -> None:
    """The same values as by pydicom's own decoders, for files that they decode."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds = dcmread(BytesIO(data), force=True)
        try:
            decoder = get_decoder(ds.file_meta.get("TransferSyntaxUID", picture.syntax))
            values = decoder.as_array(ds, index=index, raw=True)[0]
        except (AttributeError, NotImplementedError, RuntimeError, ValueError):
            return
    assert np.array_equal(values, picture.stored(index))


@pytest.mark.parametrize("path", QUICK, ids=corpus.short_name)
def test_small_files(path: Path) -> None:
    """Some of the small ones."""
    sweep(path)


@pytest.mark.nightly
@pytest.mark.parametrize("path", FILES, ids=corpus.short_name)
def test_all_files(path: Path) -> None:
    """All of them."""
    sweep(path)
