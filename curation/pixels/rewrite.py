"""Writes a file again with regions of its frames blanked; everything that need not change stays, byte for byte."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from curation.deid.pictures.plan import Region
from curation.pixels import file, native
from curation.pixels.blank import blanked
from curation.pixels.file import Pixels
from curation.pixels.frames import Picture, open_picture
from curation.pixels.hidden import has_unused, masked
from curation.pixels.recode import recoded

#: What was lost where a lossy picture could not be blanked in place: nothing that is seen, but it is no longer stored
#: as it was; each frame was decoded once and is held without loss from then on.
DECODED = "decoded"


class Rewritten(NamedTuple):
    """A file that was written again.

    `data`: all of it; the same bytes where nothing was to be changed. `loss`: empty, or DECODED. `changed`: whether
    any pixel was.
    """

    data: bytes
    loss: str = ""
    changed: bool = False


def rewritten(
    data: bytes, regions: Mapping[int, Sequence[Region]], *, hidden_bits: bool, new_uid: str, checked: bool
) -> Rewritten:
    """The file with regions of its frames (from 0) black, and with `hidden_bits` nothing in bits that no value uses.

    `new_uid`: SOP Instance UID of what is made; it is given only where a pixel changes, which it need not do where all
    was black before. `checked`: a search found nothing more to be hidden: then the file says so (Burned In Annotation
    NO, and in De-identification Method Code Sequence 113101, PS3.15 section E.3.1). Raises CannotShow, and ValueError
    where pixels change and no UID is given.
    """
    picture = open_picture(data)
    pixels, loss = _changed(picture, regions, hidden_bits and has_unused(picture.layout))
    if pixels is not None and not new_uid:
        raise ValueError("A picture that changes needs a UID of its own.")
    if pixels is None and not checked:
        return Rewritten(data)
    made = file.written(picture, pixels, new_uid=new_uid, checked=checked)
    return Rewritten(data if made == data else made, loss, pixels is not None)


def _changed(picture: Picture, regions: Mapping[int, Sequence[Region]], hidden: bool) -> tuple[Pixels | None, str]:
    """The pixels that change, None where none does, and what was lost."""
    if picture.compressed:
        pixels, decoded = recoded(picture, regions, hidden)
        return pixels, DECODED if decoded else ""
    return _native(picture, regions, hidden), ""


def _native(picture: Picture, regions: Mapping[int, Sequence[Region]], hidden: bool) -> Pixels | None:
    """Pixels that are not compressed, frame by frame."""
    value: bytearray | None = None
    for index in range(picture.count):
        if not hidden and not regions.get(index):
            continue
        before = picture.cells(index)
        after = blanked(picture, index, regions.get(index, ()))
        after = masked(after, picture.layout) if hidden else after
        if after is not before:
            value = bytearray(picture.value) if value is None else value
            native.put(value, after, picture.layout, index, picture.order)
    if value is None:
        return None
    whole = bytes(native.swapped(memoryview(value))) if picture.in_words else bytes(value)
    return Pixels(whole, picture.syntax, picture.layout, picture.pixels.vr)
