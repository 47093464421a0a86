"""A file's picture, frame by frame: what is stored, and what a person sees; one frame is decoded at a time."""

import hashlib
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, dcmread

from curation.deid.files.container import Container
from curation.deid.files.tree import Element
from curation.deid.pictures.jpeg import Span
from curation.pixels import elements, fragments, native
from curation.pixels.bits import values_of
from curation.pixels.codestreams import Described, checked
from curation.pixels.colour import colour_of, to_rgb
from curation.pixels.decode import DECODERS, decoded
from curation.pixels.elements import Placed
from curation.pixels.layout import PALETTE, Layout, layout_of
from curation.pixels.limits import NO_PICTURE, careful, refuse_unless
from curation.pixels.looks import Looks, gray, looks_of, palette_colours

PIXELS = {0x7FE00010: "PixelData", 0x7FE00008: "FloatPixelData", 0x7FE00009: "DoubleFloatPixelData"}
_EXTENDED_OFFSETS, _EXTENDED_LENGTHS = 0x7FE00001, 0x7FE00002


class Picture:
    """The frames of one file, from 0; the last one that was decoded is remembered.

    `header`: the data set without its pixels. `layout`: the form of every frame. `syntax`: the transfer syntax.
    `pixels`: the element that holds the frames. `container` and `placed`: the file as it was read.
    """

    def __init__(self, container: Container, placed: list[Placed], header: Dataset) -> None:
        """Checks what can be checked before a frame is decoded; raises CannotShow. Use `open_picture`."""
        self.container, self.placed, self.header = container, placed, header
        self.syntax = container.transfer_syntax
        self.pixels = _only_pixels(placed)
        self.layout: Layout = layout_of(header, PIXELS[self.pixels.tag])
        self.compressed = self.pixels.fragments
        #: Whether single bytes stand in words of 16 bits whose larger byte comes first.
        self.in_words = False
        self.order: native.Order = "<" if container.encoding.little else ">"
        self.value = memoryview(self.pixels.value)
        self.spans: list[list[Span]] = []
        self._last: tuple[int, native.Cells] | None = None
        self._looks: dict[int, Looks] = {}
        if self.compressed:
            self._check_fragments()
        else:
            self._check_native()

    @property
    def count(self) -> int:
        """How many frames there are."""
        return self.layout.frames

    @property
    def rows(self) -> int:
        """The height of a frame in pixels."""
        return self.layout.rows

    @property
    def columns(self) -> int:
        """The width of a frame in pixels."""
        return self.layout.columns

    def coded(self, index: int) -> bytes:
        """The bytes of a frame as they stand in the file; a compressed frame's fragments put together."""
        if self.compressed:
            return fragments.frame_at(self.value, self.spans[index])
        return native.frame_bytes(self.value, self.layout, index)

    def cells(self, index: int) -> native.Cells:
        """Everything that is stored of a frame, bits that no value uses included: rows x columns (x samples), unsigned.

        Not to be changed. Colours are beside each other and as they are coded; JPEG 2000 comes as RGB. Raises
        CannotShow.
        """
        if self._last is None or self._last[0] != index:
            self._last = None  # before the next is made, not after: only one is held
            self._last = index, self._decoded(index)
        return self._last[1]

    def stored(self, index: int) -> native.Cells:
        """The values of a frame, with their sign: rows x columns (x samples). Raises CannotShow."""
        return values_of(self.cells(index), self.layout)

    def shown(self, index: int) -> NDArray[np.uint8]:
        """A frame as a person sees it: rows x columns in grey, or x 3 in RGB. Raises CannotShow.

        After the modality's rescaling and the first window (PS3.3 section C.11), through the palette, out of YBR.
        """
        values = self.stored(index)
        with careful():
            if self.layout.photometric == PALETTE:
                return palette_colours(values, self.header)
            if self.layout.samples == 3:
                return to_rgb(values, self.colour(index), self.layout.stored)
            return gray(values, self.looks(index))

    def colour(self, index: int) -> str:
        """How three values a pixel are to be read: RGB, YBR_FULL or YBR_PARTIAL_422."""
        frame = self.coded(index) if self.compressed else b""
        said = checked(frame, self.syntax, self.layout) if self.compressed else None
        return colour_of(frame, self.syntax, self.layout, said)

    def looks(self, index: int) -> Looks:
        """How values of a grey frame become brightness: the frame's own rescaling and window, else the picture's."""
        if index not in self._looks:
            with careful():
                self._looks = {index: looks_of(self.header, index)}
        return self._looks[index]

    def digest(self, index: int) -> str:
        """SHA-256 of a frame's bytes and of how they are shown: equal only for frames that are alike."""
        found = hashlib.sha256(self.coded(index))
        if self.layout.allocated == 1 and not self.compressed:  # its bytes hold bits of its neighbours
            found = hashlib.sha256(self.cells(index).tobytes())
        found.update(repr(self.looks(index)).encode())
        return found.hexdigest()

    def said(self, index: int) -> Described:
        """What a compressed frame says of itself; raises CannotShow."""
        return checked(self.coded(index), self.syntax, self.layout)

    def _decoded(self, index: int) -> native.Cells:
        if not 0 <= index < self.count:
            raise IndexError(index)
        if self.compressed:
            return decoded(self.coded(index), self.syntax, self.layout)
        return native.cells_at(self.value, self.layout, index, self.order)

    def _check_fragments(self) -> None:
        refuse_unless(self.syntax in DECODERS, "no_decoder")
        refuse_unless(self.pixels.tag == 0x7FE00010)
        self.spans = fragments.frame_spans(self.value, self.syntax, self.count)
        for index in range(self.count):  # also of those that nobody will decode here: others will
            self.said(index)
        tables = {each.element.tag: bytes(each.element.value) for each in self.placed if each.element.tag in _TABLES}
        if tables:
            refuse_unless(tables.keys() == _TABLES)
            fragments.check_extended(tables[_EXTENDED_OFFSETS], tables[_EXTENDED_LENGTHS], self.value)

    def _check_native(self) -> None:
        refuse_unless(self.layout.photometric not in ("YBR_ICT", "YBR_RCT", "YBR_PARTIAL_420"))
        self.in_words = self.order == ">" and self.layout.allocated <= 8 and self.pixels.vr == "OW"
        if self.in_words:
            self.value = memoryview(native.swapped(self.value))
        native.check_length(self.layout, len(self.value), self.value[native.end_of_frames(self.layout) :])


_TABLES = {_EXTENDED_OFFSETS, _EXTENDED_LENGTHS}


def open_picture(data: bytes) -> Picture:
    """The picture of a DICOM file, checked as far as it can be before a frame is decoded.

    Raises CannotShow, with a code of curation/rules/reasons.py, where there is none, where it contradicts itself or is
    too large, or where nothing here decodes it.
    """
    container, placed = elements.read(data)
    with careful():
        header = dcmread(BytesIO(data), stop_before_pixels=True, force=True)
        return Picture(container, placed, header)


def _only_pixels(placed: list[Placed]) -> Element:
    found = [each.element for each in placed if each.element.tag in PIXELS]
    refuse_unless(bool(found), NO_PICTURE)
    refuse_unless(len(found) == 1 and found[0].items is None and len(found[0].value) > 0)
    return found[0]
