"""A file put together again around pixels that changed: what is said of them, and the rest as it was."""

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from curation.deid.files.container import Container
from curation.deid.files.representations import pad
from curation.deid.files.syntax import Encoding
from curation.deid.files.tree import Element, Value, find, text_of
from curation.deid.files.write import Writer, file_meta
from curation.deid.standard.claims import with_clean_pixels
from curation.pixels import fragments
from curation.pixels.elements import Placed
from curation.pixels.frames import Picture
from curation.pixels.layout import Layout
from curation.pixels.loss import loss_history

SOP_CLASS, SOP_INSTANCE, METHODS, PIXELS = 0x00080016, 0x00080018, 0x00120064, 0x7FE00010
PHOTOMETRIC, PLANAR, BURNED_IN = 0x00280004, 0x00280006, 0x00280301
_OFFSETS, _LENGTHS = 0x7FE00001, 0x7FE00002
#: The least and the most value of the pixels, which may have gone with what was blanked; no object must say them.
_EXTREMES = frozenset({0x00280106, 0x00280107})
Changes = dict[int, Element | None]


class Pixels(NamedTuple):
    """Changed pixels: frames in a compressed transfer syntax, or one value that holds all; and what their form is."""

    content: Sequence[bytes] | bytes
    syntax: str
    layout: Layout
    vr: str = "OB"


def written(picture: Picture, pixels: Pixels | None, *, new_uid: str, checked: bool) -> bytes:
    """The whole file; `pixels`: those that changed, where any did."""
    changes: Changes = {}
    if pixels is not None:
        changes |= _described(picture, pixels) | _held(picture, pixels)
        changes[SOP_INSTANCE] = Element(SOP_INSTANCE, "UI", pad(new_uid.encode(), "UI"))
        changes |= dict.fromkeys(_EXTREMES & {each.element.tag for each in picture.placed})
    if checked:
        changes |= _claimed(picture)
    syntax = pixels.syntax if pixels is not None else picture.syntax
    return put_together(picture.container, picture.placed, changes, syntax)


def put_together(container: Container, placed: Sequence[Placed], changes: Changes, syntax: str) -> bytes:
    """A file with some of its root elements changed, put in, or (None) left out, and all others byte for byte.

    `syntax`: its transfer syntax from now on. Lengths of groups (gggg,0000) in which something changes are left out:
    they are retired and would be wrong.
    """
    return b"".join([_meta(container, placed, changes, syntax), *_data_set(container, placed, changes)])


def _claimed(picture: Picture) -> Changes:
    """That nothing is burned in, and that pixels were cleaned, where the file claims a method at all."""
    changes: Changes = {BURNED_IN: Element(BURNED_IN, "CS", b"NO")}
    methods = find([each.element for each in picture.placed], METHODS)
    if methods is not None and methods.items is not None:
        claimed = with_clean_pixels(methods)
        changes |= {METHODS: claimed} if claimed is not methods else {}
    return changes


def _described(picture: Picture, pixels: Pixels) -> Changes:
    """What the header says of the form of pixels that are held in another transfer syntax than before."""
    layout = pixels.layout
    changes: Changes = {}
    if layout.photometric != picture.layout.photometric:
        changes[PHOTOMETRIC] = Element(PHOTOMETRIC, "CS", pad(layout.photometric.encode(), "CS"))
    if layout.planar != picture.layout.planar:
        changes[PLANAR] = Element(PLANAR, "US", bytes(2))
    if pixels.syntax != picture.syntax:
        changes |= loss_history(picture)
    return changes


def _held(picture: Picture, pixels: Pixels) -> Changes:
    """The pixel data itself, with its tables of offsets as there were any before."""
    if isinstance(pixels.content, bytes):
        made: Changes = {picture.pixels.tag: Element(picture.pixels.tag, pixels.vr, pixels.content)}
        tables = {each.element.tag for each in picture.placed} & {_OFFSETS, _LENGTHS}
        return made | dict.fromkeys(tables)
    extended = any(each.element.tag == _OFFSETS for each in picture.placed)
    basic = int.from_bytes(picture.value[4:8], "little") > 0
    value = fragments.encapsulated(pixels.content, table=basic and not extended)
    made = {PIXELS: Element(PIXELS, "OB", value, fragments=True)}
    if extended:
        offsets, lengths = fragments.extended_table(pixels.content)
        made |= {_OFFSETS: Element(_OFFSETS, "OV", offsets), _LENGTHS: Element(_LENGTHS, "OV", lengths)}
    return made


def _meta(container: Container, placed: Sequence[Placed], changes: Changes, syntax: str) -> Value:
    """Preamble and group 0002: as they were, or made anew for another object or another transfer syntax."""
    if SOP_INSTANCE not in changes and syntax == container.transfer_syntax and container.start:
        return memoryview(container.data)[: container.start]
    elements = [each.element for each in placed]
    sop_class = text_of(elements, SOP_CLASS) or container.media_class
    own = changes.get(SOP_INSTANCE)
    instance = own.text().decode("ascii") if own is not None else text_of(elements, SOP_INSTANCE)
    return file_meta(sop_class.encode(), instance.encode(), syntax)


def _data_set(container: Container, placed: Sequence[Placed], changes: Changes) -> list[Value]:
    data, encoding = memoryview(container.data), container.encoding
    stale = changes.keys() | {tag & 0xFFFF0000 for tag in changes}
    found: list[tuple[int, list[Value]]] = [
        (each.element.tag, [data[each.start : each.end]]) for each in placed if each.element.tag not in stale
    ]
    found += [(tag, _bytes_of(element, encoding)) for tag, element in changes.items()]
    found.sort(key=itemgetter(0))
    return [piece for _, pieces in found for piece in pieces]


def _bytes_of(element: Element | None, encoding: Encoding) -> list[Value]:
    pieces: list[Value] = []
    if element is not None:
        Writer(encoding).dataset([element], pieces)
    return pieces
