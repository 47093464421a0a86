"""JPEG pictures lose whole blocks, and nothing else: every other coefficient is the one that it was."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from curation.deid.pictures.plan import Region
from curation.pixels import jpeg_file
from curation.pixels.blank import clipped
from curation.pixels.codestreams import segments
from curation.pixels.frames import open_picture
from curation.pixels.jpeg_frame import frame_header, grid_of
from curation.pixels.rewrite import DECODED, rewritten
from tests.pixels.checks import assert_rest_is_equal, blanked
from tests.pixels.sources import BASELINE, J2K, NEW_UID, header, jpeg, of_frames

LOSS = frozenset({0x00280004, 0x00282110, 0x00282112, 0x00282114})


def picture_of(seed: int, rows: int, columns: int, *, colour: bool) -> NDArray[np.uint8]:
    """Smooth shapes with writing-like edges."""
    rng = np.random.default_rng(seed)
    shape = (rows // 4 + 1, columns // 4 + 1, *([3] if colour else []))
    coarse = np.kron(rng.integers(0, 256, shape), np.ones((4, 4, *([1] if colour else []))))
    return coarse[:rows, :columns].astype(np.uint8)


def jpeg_file_of(*frames: bytes, photometric: str, rows: int, columns: int) -> bytes:
    """A file of these JPEG frames."""
    samples = 1 if photometric.startswith("MONO") else 3
    ds = header(rows, columns, frames=len(frames), samples=samples, photometric=photometric)
    return of_frames(ds, frames, BASELINE)


def assert_blocks(before: bytes, after: bytes, regions: list[Region], rows: int, columns: int) -> None:
    """Blocks of the regions are one black value, every other one is the same, and so are tables and frame header."""
    grid = grid_of(before)
    assert grid is not None
    assert frame_header(before) == frame_header(after)
    old, new = jpeg_file.read(before, grid), jpeg_file.read(after, grid)
    wide = clipped(regions, rows, columns, grid.across, grid.down)
    for number, part in enumerate(grid.components):
        mask = np.zeros((part.blocks_down, part.blocks_across), bool)
        for left, top, width, height in wide:
            mask[
                top // part.down : -(-(top + height) // part.down),
                left // part.across : -(-(left + width) // part.across),
            ] = True
        assert np.array_equal(old.blocks[number][~mask], new.blocks[number][~mask])
        assert np.array_equal(old.tables[old.chosen[number]], new.tables[new.chosen[number]])
        inside = new.blocks[number][mask].reshape(-1, 64)
        assert not inside[:, 1:].any()
        assert len(np.unique(inside[:, 0])) <= 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 99),
    rows=st.integers(1, 70),
    columns=st.integers(1, 70),
    colour=st.booleans(),
    subsampling=st.sampled_from(["4:4:4", "4:2:2", "4:2:0"]),
    quality=st.sampled_from([20, 75, 100]),
    progressive=st.booleans(),
    region=st.builds(Region, st.integers(-20, 60), st.integers(-20, 60), st.integers(0, 50), st.integers(0, 50)),
)
def test_only_blocks_of_the_regions_change(
    seed: int,
    rows: int,
    columns: int,
    colour: bool,
    subsampling: str,
    quality: int,
    progressive: bool,
    region: Region,
) -> None:
    """In every sampling, sequential and progressive, and no block too few."""
    cells = picture_of(seed, rows, columns, colour=colour)
    frame = jpeg(cells, quality=quality, subsampling=subsampling, progressive=progressive)
    data = jpeg_file_of(frame, photometric="YBR_FULL_422" if colour else "MONOCHROME2", rows=rows, columns=columns)
    found = blanked(data, {0: [region]})
    assert found.loss == ""
    assert_rest_is_equal(data, found.data)
    made = open_picture(found.data)
    assert made.syntax == BASELINE
    before = open_picture(data).coded(0)
    if not found.changed:
        assert_unchanged = clipped([region], rows, columns)
        assert not assert_unchanged or made.coded(0) == before
        return
    if not progressive:
        assert_blocks(before, made.coded(0), [region], rows, columns)
    left, top, width, height = clipped([region], rows, columns)[0]
    brightness = made.cells(0)[..., 0] if colour else made.cells(0)
    assert brightness[top : top + height, left : left + width].max() == 0


def test_markers_and_colours_are_kept() -> None:
    """Adobe's marker, names of components that are not 1, 2, 3, and a picture that is RGB in truth."""
    cells = picture_of(3, 40, 40, colour=True)
    frame = jpeg(cells, keep_rgb=True, quality=90)
    data = jpeg_file_of(frame, photometric="RGB", rows=40, columns=40)
    found = blanked(data, {0: [Region(0, 0, 9, 9)]})
    made = open_picture(found.data).coded(0)
    assert_blocks(frame, made, [Region(0, 0, 9, 9)], 40, 40)
    assert _applications(made) == _applications(frame)
    assert open_picture(found.data).shown(0)[:8, :8].max() == 0
    assert open_picture(found.data).colour(0) == "RGB"


def test_white_is_black_where_low_values_are_bright() -> None:
    """MONOCHROME1: the highest value."""
    data = jpeg_file_of(jpeg(picture_of(1, 24, 24, colour=False)), photometric="MONOCHROME1", rows=24, columns=24)
    made = open_picture(blanked(data, {0: [Region(8, 8, 8, 8)]}).data)
    assert (made.cells(0)[8:16, 8:16] == 255).all()
    assert made.shown(0)[8:16, 8:16].max() == 0


def test_one_frame_of_three() -> None:
    """The other frames keep their very bytes."""
    frames = [jpeg(picture_of(n, 32, 48, colour=True)) for n in range(3)]
    data = jpeg_file_of(*frames, photometric="YBR_FULL_422", rows=32, columns=48)
    before, after = open_picture(data), open_picture(blanked(data, {1: [Region(0, 0, 48, 8)]}).data)
    assert [before.coded(n) == after.coded(n) for n in range(3)] == [True, False, True]


@pytest.mark.parametrize(("photometric", "becomes"), [("YBR_FULL_422", "YBR_FULL"), ("MONOCHROME2", "MONOCHROME2")])
def test_without_room_to_write_it_is_decoded_once(photometric: str, becomes: str) -> None:
    """Where blocks cannot be edited every frame is held without loss from then on, and the file says what it was."""
    colour = photometric != "MONOCHROME2"
    frames = [jpeg(picture_of(n, 40, 56, colour=colour)) for n in range(2)]
    data = jpeg_file_of(*frames, photometric=photometric, rows=40, columns=56)
    with no_files():
        found = blanked(data, {0: [Region(0, 0, 20, 20)]})
    before, after = open_picture(data), open_picture(found.data)
    assert (found.loss, after.syntax, after.layout.photometric) == (DECODED, J2K, becomes)
    assert np.array_equal(before.cells(1), after.cells(1))
    assert np.array_equal(before.cells(0)[20:], after.cells(0)[20:])
    assert after.shown(0)[:20, :20].max() == 0
    header_now = after.header
    assert header_now.LossyImageCompression == "01"
    assert header_now.LossyImageCompressionMethod == "ISO_10918_1"
    assert float(header_now.LossyImageCompressionRatio) > 1
    assert_rest_is_equal(data, found.data, LOSS)


def test_what_is_darker_than_black_goes_too() -> None:
    """A block that decodes to black but still differs inside is made anew: it could be told apart in there."""
    frame = jpeg(np.zeros((16, 16), np.uint8), quality=100)
    grid = grid_of(frame)
    assert grid is not None
    blocks = jpeg_file.read(frame, grid)
    blocks.blocks[0][0, 0, 0, 0] -= 300
    hiding = jpeg_file.written(frame, blocks, (16, 16), False)
    data = jpeg_file_of(hiding, photometric="MONOCHROME2", rows=16, columns=16)
    assert not open_picture(data).cells(0).any()
    made = rewritten(data, {0: [Region(0, 0, 8, 8)]}, hidden_bits=False, new_uid=NEW_UID, checked=False)
    assert made.changed
    assert_blocks(hiding, open_picture(made.data).coded(0), [Region(0, 0, 8, 8)], 16, 16)
    first = jpeg_file.read(open_picture(made.data).coded(0), grid).blocks[0][:, :, 0, 0]
    assert first[0, 0] > blocks.blocks[0][0, 0, 0, 0]


@contextmanager
def no_files() -> Iterator[None]:
    """As in a process that may not write any file, which one in memory is as well."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _applications(frame: bytes) -> list[tuple[int, bytes]]:
    return [(marker, frame[start:end]) for marker, start, end in segments(frame) if 0xE0 <= marker <= 0xEF]
