"""Regions are black and everything else is as it was, in pictures of every form and in every transfer syntax."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from curation.deid.pictures.plan import Region
from curation.pixels.frames import open_picture
from curation.pixels.rewrite import rewritten
from tests.pixels.checks import assert_only_blanked, assert_rest_is_equal, blanked
from tests.pixels.sources import (
    BIG,
    COMPRESSED,
    EXPLICIT,
    IMPLICIT,
    J2K,
    J2K_LOSSY,
    NATIVE,
    NEW_UID,
    RLE,
    compressed,
    header,
    native,
    of_frames,
)

#: (allocated, stored, signed): cells and what of them is the value.
FORMS = [(8, 8, False), (8, 5, False), (16, 16, False), (16, 12, False), (16, 12, True), (16, 16, True), (8, 8, True)]
COLOURS = [("RGB", 0), ("RGB", 1), ("YBR_FULL", 0), ("YBR_FULL", 1)]
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

sides = st.integers(1, 19)
edges = st.integers(-6, 22)
regions_of_a_frame = st.lists(st.builds(Region, edges, edges, st.integers(0, 14), st.integers(0, 14)), max_size=3)


def random_cells(seed: int, shape: tuple[int, ...], ds: Dataset) -> np.ndarray:
    """Cells without anything outside of their values, the sign carried up."""
    allocated, stored = max(ds.BitsAllocated, 8), ds.BitsStored
    values = np.random.default_rng(seed).integers(0, 1 << stored, shape, np.uint64)
    if ds.PixelRepresentation == 1:
        values = np.where(values >> (stored - 1) & 1 == 1, values | ~np.uint64((1 << stored) - 1), values)
    return values.astype(f"u{allocated // 8}")


@st.composite
def pictures(draw: st.DrawFn, syntaxes: Sequence[str]) -> tuple[bytes, Mapping[int, Sequence[Region]], str]:
    """A file, regions for each of its frames, and its transfer syntax."""
    syntax = draw(st.sampled_from(syntaxes))
    least = 32 if syntax in (J2K, J2K_LOSSY) else 1  # OpenJPEG halves a picture five times
    rows, columns, frames = least + draw(sides) - 1, least + draw(sides) - 1, draw(st.integers(1, 3))
    colour, planar = draw(st.sampled_from([("", 0), *COLOURS]))
    allocated, stored, signed = draw(st.sampled_from(FORMS if not colour else [(8, 8, False), (16, 16, False)]))
    photometric = colour or draw(st.sampled_from(["MONOCHROME1", "MONOCHROME2"]))
    ds = header(
        rows,
        columns,
        frames=frames,
        samples=3 if colour else 1,
        allocated=allocated,
        stored=stored,
        signed=signed,
        photometric=photometric,
        planar=planar,
    )
    shape = (frames, rows, columns, 3) if colour else (frames, rows, columns)
    cells = random_cells(draw(st.integers(0, 999)), shape, ds)
    data = native(ds, cells, syntax) if syntax in NATIVE else compressed(ds, cells, syntax, table=draw(st.booleans()))
    assume(data is not None)
    regions = {index: draw(regions_of_a_frame) for index in range(frames) if draw(st.booleans())}
    return data, regions, syntax


@few
@given(made=pictures(NATIVE))
def test_what_is_not_compressed(made: tuple[bytes, Mapping[int, Sequence[Region]], str]) -> None:
    """Uncompressed pictures keep their transfer syntax and every other byte."""
    data, regions, syntax = made
    found = blanked(data, regions)
    assert_only_blanked(data, found, regions)
    assert_rest_is_equal(data, found.data)
    assert open_picture(found.data).syntax == syntax
    assert found.loss == ""


@few
@given(made=pictures(COMPRESSED))
def test_what_is_compressed_without_loss(made: tuple[bytes, Mapping[int, Sequence[Region]], str]) -> None:
    """Lossless pictures stay so in the same transfer syntax, since it could hold them before."""
    data, regions, syntax = made
    found = blanked(data, regions)
    assert_only_blanked(data, found, regions)
    assert_rest_is_equal(data, found.data)
    assert open_picture(found.data).syntax == syntax
    assert found.loss == ""


@pytest.mark.parametrize("syntax", COMPRESSED)
def test_a_frame_that_is_not_touched_keeps_its_bytes(syntax: str) -> None:
    """Of three frames one is blanked; the two others are the very bytes that they were."""
    ds = header(32, 33, frames=3, allocated=16, stored=16)
    data = compressed(ds, random_cells(5, (3, 32, 33), ds), syntax)
    assert data is not None
    found = rewritten(data, {1: [Region(0, 0, 3, 3)]}, hidden_bits=False, new_uid=NEW_UID, checked=False)
    before, after = open_picture(data), open_picture(found.data)
    assert [before.coded(n) == after.coded(n) for n in range(3)] == [True, False, True]


@pytest.mark.parametrize("pieces", [1, 2, 5])
@pytest.mark.parametrize("table", [True, False])
def test_frames_in_several_fragments(pieces: int, table: bool) -> None:
    """Fragments are put together, and the new table says where the frames begin."""
    ds = header(33, 37, frames=3)
    cells = random_cells(1, (3, 33, 37), ds)
    whole = open_picture(compressed(ds, cells, J2K) or b"")
    data = of_frames(header(33, 37, frames=3), [whole.coded(n) for n in range(3)], J2K, table=table, pieces=pieces)
    regions = {2: [Region(0, 0, 4, 4)]}
    found = blanked(data, regions)
    assert_only_blanked(data, found, regions)


@pytest.mark.parametrize("syntax", [EXPLICIT, BIG, RLE, J2K])
def test_single_bits(syntax: str) -> None:
    """Pictures of one bit a pixel, whose frames begin within bytes."""
    ds = header(33, 37, frames=3, allocated=1)
    cells = random_cells(9, (3, 33, 37), ds)
    data = native(ds, cells, syntax) if syntax in NATIVE else compressed(ds, cells, syntax)
    assert data is not None
    regions = {0: [Region(30, 29, 9, 9)], 1: [Region(0, 0, 3, 2)]}
    assert np.array_equal(open_picture(data).stored(1), cells[1])
    assert_only_blanked(data, blanked(data, regions), regions)


def test_two_pixels_that_share_their_colour() -> None:
    """Regions are widened to pairs of pixels."""
    ds = header(6, 8, frames=2, samples=3, photometric="YBR_FULL_422")
    cells = random_cells(2, (2, 6, 8, 3), ds)
    cells[:, :, 1::2, 1:] = cells[:, :, 0::2, 1:]
    data = native(ds, cells)
    regions = {1: [Region(3, 1, 2, 2)]}
    assert np.array_equal(open_picture(data).stored(1), cells[1])
    assert_only_blanked(data, blanked(data, regions), regions, across=2)


def test_bytes_in_words_of_the_larger_byte_first() -> None:
    """Single bytes in OW, Big Endian: they stand in exchanged pairs (PS3.5 annex A.3)."""
    ds = header(4, 6)
    data = bytearray(native(ds, random_cells(3, (1, 4, 6), ds), BIG))
    at = data.index(b"\x7f\xe0\x00\x10OB")
    data[at + 4 : at + 6] = b"OW"
    assert_only_blanked(bytes(data), blanked(bytes(data), {0: [Region(0, 0, 3, 1)]}), {0: [Region(0, 0, 3, 1)]})


@pytest.mark.parametrize("segmented", [False, True])
def test_palettes(segmented: bool) -> None:
    """What is blanked has the index of the darkest colour, also where that is not nought and the tables segmented."""
    ds = header(6, 6, photometric="PALETTE COLOR")
    ramp = np.arange(255, -1, -1, dtype=np.uint16) * 257
    for colour in ("Red", "Green", "Blue"):
        setattr(ds, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        if segmented:  # one discrete value, and from there a line to the last (PS3.3 section C.7.9.2)
            setattr(
                ds, f"Segmented{colour}PaletteColorLookupTableData", np.array([0, 1, 65535, 1, 255, 0], "<u2").tobytes()
            )
        else:
            setattr(ds, f"{colour}PaletteColorLookupTableData", ramp.tobytes())
    data = native(ds, random_cells(4, (1, 6, 6), ds))
    regions = {0: [Region(1, 1, 3, 3)]}
    found = blanked(data, regions)
    assert_only_blanked(data, found, regions)
    assert open_picture(found.data).stored(0)[2, 2] == 255


@pytest.mark.parametrize(("keyword", "size"), [("FloatPixelData", 32), ("DoubleFloatPixelData", 64)])
def test_floating_point(keyword: str, size: int) -> None:
    """Parametric maps: the least value is what is black."""
    values = np.random.default_rng(0).normal(size=(1, 5, 5)).astype(f"<f{size // 8}")
    ds = header(5, 5, allocated=size)
    data = native(ds, np.zeros((1, 5, 5), f"u{size // 8}"), EXPLICIT)
    tag, vr = (b"\x08\0", b"OF") if size == 32 else (b"\x09\0", b"OD")
    at = data.index(b"\xe0\x7f\x10\0O")
    raw = data[:at] + b"\xe0\x7f" + tag + vr + data[at + 6 : at + 12] + values.tobytes()
    regions = {0: [Region(0, 0, 2, 2)]}
    found = blanked(raw, regions)
    assert_only_blanked(raw, found, regions)
    assert open_picture(found.data).stored(0)[0, 0] == values.min()


@pytest.mark.parametrize("slope", ["1", "-2"])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("signed", [False, True])
def test_windows_and_rescaling(slope: str, photometric: str, signed: bool) -> None:
    """Black is what the window and the modality's slope make so, not the least number."""
    ds = header(6, 6, allocated=16, stored=12, signed=signed, photometric=photometric)
    ds.RescaleSlope, ds.RescaleIntercept = slope, "10"
    ds.WindowCenter = "100" if signed else {"1": "2000", "-2": "-4000"}[slope]
    ds.WindowWidth = "300"
    data = native(ds, random_cells(8, (1, 6, 6), ds))
    regions = {0: [Region(0, 0, 4, 2)]}
    assert_only_blanked(data, blanked(data, regions), regions)


def test_the_same_frame_twice_is_changed_alike() -> None:
    """Frames of the same bytes have the same digest, and are the same after they were blanked alike."""
    ds = header(32, 32, frames=3)
    cells = random_cells(1, (3, 32, 32), ds)
    cells[2] = cells[0]
    data = compressed(ds, cells, J2K)
    assert data is not None
    regions = {n: [Region(0, 0, 4, 4)] for n in range(3)}
    picture = open_picture(data)
    assert picture.digest(0) == picture.digest(2) != picture.digest(1)
    after = open_picture(blanked(data, regions).data)
    assert after.coded(0) == after.coded(2)


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG, RLE])
def test_nothing_to_do_changes_nothing(syntax: str) -> None:
    """Without regions, or with such that lie outside, the file is the same and needs no new UID."""
    ds = header(4, 4)
    cells = random_cells(1, (1, 4, 4), ds)
    data = native(ds, cells, syntax) if syntax in NATIVE else compressed(ds, cells, syntax)
    assert data is not None
    for regions in ({}, {0: [Region(9, 9, 3, 3), Region(0, 0, 0, 4), Region(-8, 0, 8, 4)]}, {7: [Region(0, 0, 4, 4)]}):
        found = rewritten(data, regions, hidden_bits=True, new_uid="", checked=False)
        assert found.data is data
        assert not found.changed


def test_pixels_that_change_need_a_uid() -> None:
    """Two different pictures of one UID would be the end of references."""
    ds = header(4, 4)
    data = native(ds, random_cells(1, (1, 4, 4), ds))
    with pytest.raises(ValueError, match="UID"):
        rewritten(data, {0: [Region(0, 0, 2, 2)]}, hidden_bits=False, new_uid="", checked=False)
