"""One frame's cells to its bytes in a transfer syntax without loss; what comes out is decoded and compared."""

import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

import gdcm
import jpeg_ls
import numpy as np
import rle
from openjpeg.utils import encode_buffer

from curation.deid.files.syntax import DEFLATED_FRAMES_UID, RLE_UID
from curation.pixels import codestreams
from curation.pixels.bits import cells_of, shift, values_of
from curation.pixels.decode import decoded, rle_options
from curation.pixels.hidden import unmasked
from curation.pixels.layout import Layout
from curation.pixels.limits import CannotShow, careful
from curation.pixels.native import Cells, stored_order

JPEG_2000_LOSSLESS, JPEG_2000 = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"
#: What OpenJPEG encodes without loss; HT block coding it only decodes.
_MOST_BITS_2000, _MOST_BITS_LS = 24, 16
_TRANSFORMED = frozenset({"YBR_RCT", "YBR_ICT"})
Encode = Callable[[Cells, Layout], bytes]


def encoded(cells: Cells, syntax: str, layout: Layout) -> bytes | None:
    """The cells in a transfer syntax; None where it has no encoder here, or where what it made is not the same.

    `cells`: rows x columns (x samples), as Picture.cells gives them.
    """
    if syntax not in ENCODERS:
        return None
    try:
        with careful():
            made = ENCODERS[syntax](np.ascontiguousarray(cells), layout)
            again = decoded(made, syntax, layout)
    except CannotShow:
        return None
    return made if _is_same(cells, again, layout) else None


def _is_same(cells: Cells, again: Cells, layout: Layout) -> bool:
    """Whether every bit came back; a sign need not be carried up beyond the value."""
    if np.array_equal(cells, again):
        return True
    same_values = np.array_equal(values_of(cells, layout), values_of(again, layout))
    return layout.signed and same_values and not unmasked(cells, layout) and not unmasked(again, layout)


def _bits(cells: Cells, layout: Layout) -> int:
    """How many bits a codestream needs for the cells: those of a value, or all where any other is used."""
    plain = not shift(layout) and np.array_equal(cells, cells_of(values_of(cells, layout), layout))
    return layout.stored if plain else layout.allocated


def _packed(values: Cells, bits: int) -> bytes:
    """Values in the fewest bytes that hold so many bits."""
    size = 1 if bits <= 8 else 2 if bits <= 16 else 4
    return values.astype(f"<{values.dtype.kind}{size}").tobytes()


def _jpeg_2000(cells: Cells, layout: Layout) -> bytes:
    bits = _bits(cells, layout)
    values = cells.view(f"i{layout.dtype.itemsize}") if layout.signed else cells
    if bits > _MOST_BITS_2000:
        raise CannotShow("no_decoder")
    colour = layout.samples == 3
    return encode_buffer(
        _packed(values, bits),
        layout.columns,
        layout.rows,
        layout.samples,
        bits,
        layout.signed,
        photometric_interpretation=1 if colour else 2,
        use_mct=layout.photometric in _TRANSFORMED,
    )


def _jpeg_ls(cells: Cells, layout: Layout) -> bytes:
    bits = _bits(cells, layout)
    if bits > _MOST_BITS_LS:
        raise CannotShow("no_decoder")
    held = cells & layout.dtype.type((1 << bits) - 1)
    size = (layout.rows, layout.columns, layout.samples)
    made = jpeg_ls.encode_buffer(_packed(held, bits), *size, bits, lossy_error=0, interleave_mode=2)
    return bytes(made)


def _rle(cells: Cells, layout: Layout) -> bytes:
    if layout.allocated == 1:
        packed = _bits_packed(cells)
        return bytes(rle.encode_pixel_data(packed, samples_per_pixel=1, **rle_options(1, len(packed))))
    options = rle_options(layout.rows, layout.columns, layout.allocated) | {"samples_per_pixel": layout.samples}
    return bytes(rle.encode_pixel_data(cells.tobytes(), byteorder="<", **options))


def _bits_packed(cells: Cells) -> bytes:
    """Single bits, eight in a byte, the first in its lowest place."""
    return np.packbits(cells.reshape(-1), bitorder="little").tobytes()


def _deflated(cells: Cells, layout: Layout) -> bytes:
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    data = _bits_packed(cells) if layout.allocated == 1 else stored_order(cells, layout).tobytes()
    return engine.compress(data) + engine.flush()


def _lossless(cells: Cells, layout: Layout, syntax: str) -> bytes:
    """By GDCM, which takes an even number of bytes only."""
    writer = gdcm.ImageWriter()
    image = writer.GetImage()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((layout.columns, layout.rows, 1))
    kind = "RGB" if layout.samples == 3 else "MONOCHROME2"
    named = gdcm.PhotometricInterpretation.GetPIType(kind)
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(named))
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.ImplicitVRLittleEndian))
    bits = layout.allocated
    image.SetPixelFormat(gdcm.PixelFormat(layout.samples, bits, bits, bits - 1, 0))
    if layout.samples > 1:
        image.SetPlanarConfiguration(0)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetByteStringValue(cells.tobytes())
    image.SetDataElement(element)
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(syntax)))
    change.SetInput(image)
    if not change.Change():
        raise CannotShow("no_decoder")
    made = change.GetOutput().GetDataElement().GetSequenceOfFragments()
    pieces = (made.GetFragment(n).GetByteValue().GetBuffer() for n in range(made.GetNumberOfFragments()))
    return b"".join(piece.encode("utf-8", "surrogateescape") for piece in pieces)


def _lossless_by(syntax: str) -> Encode:
    return lambda cells, layout: _lossless(cells, layout, syntax)


#: In the lossy syntaxes listed here a frame may be coded without loss; DCT is not among them (see jpeg_blocks.py).
ENCODERS: Mapping[str, Encode] = MappingProxyType(
    {
        RLE_UID: _rle,
        DEFLATED_FRAMES_UID: _deflated,
        codestreams.JPEG_LS: _jpeg_ls,
        codestreams.JPEG_LS_NEAR: _jpeg_ls,
        JPEG_2000_LOSSLESS: _jpeg_2000,
        JPEG_2000: _jpeg_2000,
        codestreams.LOSSLESS: _lossless_by(codestreams.LOSSLESS),
        codestreams.LOSSLESS_FIRST: _lossless_by(codestreams.LOSSLESS_FIRST),
    }
)
