"""Bits that no value uses: what stands in them is found and taken away; a sign that is carried up is not."""

import numpy as np
import pytest

from curation.pixels.frames import open_picture
from curation.pixels.hidden import hidden_bits
from curation.pixels.rewrite import rewritten
from tests.pixels.checks import assert_rest_is_equal
from tests.pixels.sources import BIG, EXPLICIT, J2K, LS, NEW_UID, RLE, compressed, header, native

ROWS, COLUMNS = 40, 36
OVERLAY = np.zeros((3, ROWS, COLUMNS), np.uint16)
OVERLAY[1, 4:9, 3:20] = 1


def made_of(cells: np.ndarray, syntax: str, *, stored: int = 12, signed: bool = False, high: int = 0) -> bytes:
    """A file of three frames of these cells."""
    ds = header(ROWS, COLUMNS, frames=3, allocated=16, stored=stored, signed=signed)
    ds.HighBit = high or stored - 1
    data = native(ds, cells, syntax) if syntax in (EXPLICIT, BIG) else compressed(ds, cells, syntax)
    assert data is not None
    return data


def values(signed: bool = False) -> np.ndarray:
    """Twelve bits of noise; with a sign it is carried up."""
    found = np.random.default_rng(3).integers(0, 4096, (3, ROWS, COLUMNS))
    return np.where(found > 2047, found - 4096, found).astype(np.uint16) if signed else found.astype(np.uint16)


@pytest.mark.parametrize("syntax", [EXPLICIT, BIG, RLE, LS, J2K])
@pytest.mark.parametrize("bit", [12, 15])
def test_an_overlay_plane_in_the_pixels(syntax: str, bit: int) -> None:
    """One plane in one frame of three is found; afterwards there is none, and every value is as it was."""
    data = made_of(values() | OVERLAY << bit, syntax)
    picture = open_picture(data)
    assert hidden_bits(picture)
    found = rewritten(data, {}, hidden_bits=True, new_uid=NEW_UID, checked=False)
    after = open_picture(found.data)
    assert found.changed
    assert not hidden_bits(after)
    assert all(np.array_equal(after.cells(n), values()[n]) for n in range(3))
    assert_rest_is_equal(data, found.data)
    assert rewritten(found.data, {}, hidden_bits=True, new_uid=NEW_UID, checked=False).data == found.data


def test_below_the_value() -> None:
    """Old devices put the value in the upper bits: what stands below it is hidden just the same."""
    cells = values() << 4
    assert not hidden_bits(open_picture(made_of(cells, EXPLICIT, high=15)))
    data = made_of(cells | OVERLAY << 1, EXPLICIT, high=15)
    assert hidden_bits(open_picture(data))
    found = open_picture(rewritten(data, {}, hidden_bits=True, new_uid=NEW_UID, checked=False).data)
    assert np.array_equal(found.cells(1), cells[1])
    assert np.array_equal(found.stored(1), values()[1])


@pytest.mark.parametrize("syntax", [EXPLICIT, BIG, RLE, LS, J2K])
def test_a_sign_says_nothing(syntax: str) -> None:
    """Carried up into the unused bits, or not carried: the picture is as it should be."""
    for cells in (values(signed=True), values(signed=True) & 0xFFF):
        data = made_of(cells, syntax, signed=True)
        assert not hidden_bits(open_picture(data))
        assert rewritten(data, {}, hidden_bits=True, new_uid="", checked=False).data is data


def test_a_sign_that_is_carried_for_some_says_something() -> None:
    """Whether a sign was carried up or not is a plane like any other where both are found."""
    cells = values(signed=True)
    cells[OVERLAY > 0] &= 0xFFF
    data = made_of(cells, EXPLICIT, signed=True)
    assert hidden_bits(open_picture(data))
    assert not hidden_bits(open_picture(rewritten(data, {}, hidden_bits=True, new_uid=NEW_UID, checked=False).data))


def test_cells_without_unused_bits() -> None:
    """Nothing is decoded to say so."""
    data = made_of(values(), EXPLICIT, stored=16)
    assert not hidden_bits(open_picture(data))
