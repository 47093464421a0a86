"""Reads and writes a JPEG's DCT coefficients by jpeglib, whose library knows files only: they are in memory here.

libjpeg may end the process over a broken file, which is why this runs in a child; and it prints what it complains of to
the standard error. The child must be allowed to write: files in memory count for RLIMIT_FSIZE.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from curation.pixels.jpeg_frame import Grid

#: What must be free to be written beside the size of the frame itself.
ROOM_BYTES = 1 << 20
_GRAY, _RGB, _YBR = 1, 2, 3
_TABLES = 4


class Coefficients(NamedTuple):
    """Quantised DCT coefficients of each component (blocks down x across x 8 x 8), and quantisation tables (4 x 64).

    `chosen`: which table each component has.
    """

    blocks: tuple[NDArray[np.int16], ...]
    tables: NDArray[np.uint16]
    chosen: tuple[int, ...]


def can_write(size: int) -> bool:
    """Whether jpeglib is installed and a file of about this size may be written, which is tried.

    Asking for the limit is a system call that the child may not make.
    """
    if find_spec("jpeglib") is None:
        return False
    number = os.memfd_create("room")
    try:
        os.ftruncate(number, 2 * size + ROOM_BYTES)
    except OSError:
        return False
    finally:
        os.close(number)
    return True


def read(frame: bytes, grid: Grid) -> Coefficients:
    """The coefficients of a frame; raises OSError where libjpeg gives up."""
    blocks = [np.zeros((each.blocks_down, each.blocks_across, 8, 8), np.int16) for each in grid.components]
    tables, chosen = np.zeros((_TABLES, 64), np.uint16), np.zeros(_TABLES, np.int16)
    with _file(frame) as path:
        _library().read_jpeg_dct(path, *_pointers(blocks), qt=_pointer(tables), quant_tbl_no=_pointer(chosen))
    return Coefficients(tuple(blocks), tables, tuple(int(each) for each in chosen[: len(blocks)]))


def written(frame: bytes, made: Coefficients, size: tuple[int, int], ybr: bool) -> bytes:
    """A JPEG of the form of `frame` with these coefficients; `size`: rows and columns. Raises OSError."""
    blocks = [np.ascontiguousarray(each) for each in made.blocks]
    colour = _GRAY if len(blocks) == 1 else _YBR if ybr else _RGB
    with _file(frame) as source, _file(b"") as target:
        _library().write_jpeg_dct(
            source,
            target,
            *_pointers(blocks),
            image_dims=(ctypes.c_int * 2)(*size),
            block_dims=None,
            in_color_space=colour,
            in_components=len(blocks),
            samp_factor=None,
            qt=None,
            quality=-1,
            quant_tbl_no=None,
            num_markers=0,
            marker_types=None,
            marker_lengths=None,
            markers=None,
            flags=["OPTIMIZE_CODING"],
        )
        with open(target, "rb") as file:
            return file.read()


@contextmanager
def _file(content: bytes) -> Iterator[str]:
    """The path of a file in memory."""
    number = os.memfd_create("frame")
    try:
        with os.fdopen(os.dup(number), "wb") as file:
            file.write(content)
        yield f"/proc/self/fd/{number}"
    finally:
        os.close(number)


def _library() -> Any:
    from jpeglib._bind import CJpegLib

    return CJpegLib


def _pointers(blocks: list[NDArray[np.int16]]) -> list[Any]:
    """Of up to four components, None for those that are not there."""
    return [*map(_pointer, blocks), *[None] * (4 - len(blocks))]


def _pointer(array: NDArray[Any]) -> Any:
    return array.ctypes.data_as(ctypes.c_void_p)
