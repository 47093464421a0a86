"""One compressed frame to its cells, by the decoder for its transfer syntax; what is not listed here is not decoded."""

import logging
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Any

import jpeg_ls
import numpy as np
import openjpeg
import rle
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.pixels import get_decoder
from pydicom.uid import UID

from curation.deid.files.syntax import DEFLATED_FRAMES_UID, RLE_UID
from curation.pixels import codestreams
from curation.pixels.codestreams import Described
from curation.pixels.colour import coded_as_ybr
from curation.pixels.layout import Layout
from curation.pixels.limits import careful, refuse_unless
from curation.pixels.native import Cells, arranged, bits_of_frame, frame_cells

# It reports to a log what goes wrong with a frame; here that is told by a code.
logging.getLogger("openjpeg").setLevel(logging.CRITICAL + 1)
Decode = Callable[[bytes, Layout, Described], Cells]


def decoded(frame: bytes, syntax: str, layout: Layout) -> Cells:
    """The cells of a frame: rows x columns (x samples), unsigned, colours as they are coded and beside each other.

    JPEG 2000 comes out of its own transformation as RGB. Raises CannotShow where the frame contradicts its header,
    is broken, or has no decoder here.
    """
    refuse_unless(syntax in DECODERS, "no_decoder")
    said = codestreams.checked(frame, syntax, layout)
    with careful():
        cells = DECODERS[syntax](frame, layout, said)
    refuse_unless(cells.shape == layout.shape)
    return cells


def _contained(data: Any, layout: Layout, said: Described) -> Cells:
    """Values in as many bytes as the precision needs, in cells of as many as the header says."""
    size = 1 if said.precision <= 8 else 2 if said.precision <= 16 else 4
    values = np.frombuffer(data, f"<{'i' if said.signed else 'u'}{size}")
    cells = values.astype(layout.dtype)
    if said.signed and not layout.signed:  # the sign is no part of a number that has none
        cells &= layout.dtype.type((1 << said.precision) - 1)
    return cells


def _jpeg(frame: bytes, layout: Layout, said: Described) -> Cells:
    refuse_unless(said.precision == 8, "no_decoder")  # the only decoder for 12 bits is under the GPL
    image = Image.open(BytesIO(frame), formats=("JPEG",))
    if layout.samples == 3 and coded_as_ybr(frame):
        image.draft("YCbCr", image.size)  # as it is coded: colours are for those who show it
    return np.asarray(image).astype(layout.dtype)


def _lossless(frame: bytes, layout: Layout, said: Described, syntax: str) -> Cells:
    options: dict[str, Any] = {
        "rows": layout.rows,
        "columns": layout.columns,
        "samples_per_pixel": layout.samples,
        "bits_allocated": layout.allocated,
        "bits_stored": layout.allocated,
        "pixel_representation": 0,
        "photometric_interpretation": "RGB" if layout.samples == 3 else "MONOCHROME2",
        "planar_configuration": 0,
        "number_of_frames": 1,
        "pixel_keyword": "PixelData",
    }
    array, _ = get_decoder(UID(syntax)).as_array(
        encapsulate([frame]), index=0, raw=True, decoding_plugin="gdcm", validate=False, **options
    )
    return array.astype(layout.dtype)


def _jpeg_ls(frame: bytes, layout: Layout, said: Described) -> Cells:
    data, info = jpeg_ls.decode_pixel_data(frame)
    by_plane = layout.samples > 1 and info["interleave_mode"] == 0
    return arranged(_contained(data, layout, said), layout._replace(planar=by_plane, photometric=""))


def _jpeg_2000(frame: bytes, layout: Layout, said: Described) -> Cells:
    data = openjpeg.decode_pixel_data(frame, version=2)
    return _contained(data, layout, said).reshape(layout.shape)


def _rle(frame: bytes, layout: Layout, said: Described) -> Cells:
    if layout.allocated == 1:  # single bits are packed first, eight in a byte (PS3.5 section 8.2.2)
        size = (bits_of_frame(layout) + 7) // 8
        return frame_cells(bytes(rle.decode_pixel_data(frame, version=2, **rle_options(1, size))), layout, 0, "<")
    options = rle_options(layout.rows, layout.columns, layout.allocated)
    data = rle.decode_pixel_data(frame, version=2, byteorder="<", **options)
    return arranged(_contained(data, layout, said), layout._replace(planar=True, photometric=""))


def rle_options(rows: int, columns: int, allocated: int = 8) -> dict[str, Any]:
    """How pylibjpeg-rle wants to be told of a frame's form."""
    return {"rows": rows, "columns": columns, "bits_allocated": allocated}


def _deflated(frame: bytes, layout: Layout, said: Described) -> Cells:
    """A frame as it would stand uncompressed (PS3.5 section A.4.11); one that unpacks to more is refused."""
    engine, size = zlib.decompressobj(-zlib.MAX_WBITS), (bits_of_frame(layout) + 7) // 8
    data = engine.decompress(frame, size + 2)
    refuse_unless(len(data) in (size, size + size % 2))
    return frame_cells(data[:size], layout, 0, "<")


def _lossless_by(syntax: str) -> Decode:
    return lambda frame, layout, said: _lossless(frame, layout, said, syntax)


DECODERS: Mapping[str, Decode] = MappingProxyType(
    {
        codestreams.BASELINE: _jpeg,
        codestreams.EXTENDED: _jpeg,
        codestreams.LOSSLESS: _lossless_by(codestreams.LOSSLESS),
        codestreams.LOSSLESS_FIRST: _lossless_by(codestreams.LOSSLESS_FIRST),
        codestreams.JPEG_LS: _jpeg_ls,
        codestreams.JPEG_LS_NEAR: _jpeg_ls,
        **dict.fromkeys((f"1.2.840.10008.1.2.4.{n}" for n in (90, 91, 201, 202, 203)), _jpeg_2000),
        RLE_UID: _rle,
        DEFLATED_FRAMES_UID: _deflated,
    }
)
