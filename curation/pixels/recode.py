"""Compressed frames changed: each in its own transfer syntax where that can be, else all of them in another."""

from collections.abc import Iterator, Mapping, Sequence

from curation.deid.files.syntax import EXPLICIT_LITTLE_UID
from curation.deid.pictures.plan import Region
from curation.pixels import codestreams, jpeg_blocks
from curation.pixels.blank import blanked
from curation.pixels.colour import PARTIAL, RGB, YBR, to_rgb
from curation.pixels.encode import JPEG_2000_LOSSLESS, encoded
from curation.pixels.file import Pixels
from curation.pixels.frames import Picture
from curation.pixels.hidden import masked, may_hide, unmasked
from curation.pixels.layout import Layout
from curation.pixels.limits import MOST_BYTES, TOO_LARGE, refuse_unless
from curation.pixels.native import Cells, stored_order

Regions = Mapping[int, Sequence[Region]]
_DCT = frozenset({codestreams.BASELINE, codestreams.EXTENDED})


def recoded(picture: Picture, regions: Regions, hidden: bool) -> tuple[Pixels | None, bool]:
    """The frames with their regions black, None where nothing changes; and whether any lossy frame was decoded.

    Raises CannotShow.
    """
    frames: list[bytes] = []
    decoded = changed = False
    for index, made in enumerate(_in_place(picture, regions, hidden)):
        if made is None:
            return _in_another(picture, regions, hidden), _is_lossy(picture)
        before = picture.coded(index)
        if made is not before and made != before:
            changed = True
            decoded |= picture.syntax not in _DCT and picture.said(index).lossy
        frames.append(made)
    _refuse_too_much(frames)
    return (Pixels(frames, picture.syntax, _form(picture, frames)) if changed else None), decoded


def _form(picture: Picture, frames: Sequence[bytes]) -> Layout:
    """The layout of frames in the same transfer syntax: without loss where all of them are made anew."""
    kept = any(made == picture.coded(index) for index, made in enumerate(frames))
    if picture.layout.photometric != "YBR_ICT" or kept:
        return picture.layout
    return picture.layout._replace(photometric="YBR_RCT")


def _in_place(picture: Picture, regions: Regions, hidden: bool) -> Iterator[bytes | None]:
    """Each frame in the same transfer syntax, its own bytes where it need not change; None where one cannot be made.

    Frames that are alike, and are to be blanked alike, are changed once.
    """
    known: dict[tuple[str, tuple[Region, ...]], bytes | None] = {}
    for index in range(picture.count):
        wanted = tuple(regions.get(index, ()))
        if not wanted and not (hidden and may_hide(picture, index)):
            yield picture.coded(index)
            continue
        key = (picture.digest(index), wanted)
        if key not in known:
            known[key] = _frame(picture, index, wanted, hidden)
        yield known[key]


def _frame(picture: Picture, index: int, wanted: Sequence[Region], hidden: bool) -> bytes | None:
    """A frame changed; None where it cannot be in this transfer syntax.

    A lossy codestream is made anew even where its region is decoded as black: decoders cut off what is darker than
    that, and it may still be told apart in there.
    """
    before, after = _before_and_after(picture, index, wanted, hidden)
    if picture.syntax in _DCT:
        spoilt = hidden and unmasked(before, picture.layout)
        return None if spoilt else jpeg_blocks.blanked(picture, index, wanted)
    if after is before and not (wanted and picture.said(index).lossy):
        return picture.coded(index)
    return encoded(after, picture.syntax, picture.layout)


def _before_and_after(picture: Picture, index: int, wanted: Sequence[Region], hidden: bool) -> tuple[Cells, Cells]:
    before = picture.cells(index)
    after = blanked(picture, index, wanted)
    return before, masked(after, picture.layout) if hidden else after


def _in_another(picture: Picture, regions: Regions, hidden: bool) -> Pixels:
    """All frames decoded once and held without loss, in JPEG 2000 where that can hold them, else uncompressed."""
    colour = picture.colour(0) if picture.layout.samples == 3 else ""
    layout = picture.layout._replace(planar=False)
    if colour:
        layout = layout._replace(photometric="YBR_RCT" if colour in (RGB, PARTIAL) else YBR)
    frames: list[bytes] = []
    for cells in _all(picture, regions, hidden, colour):
        made = encoded(cells, JPEG_2000_LOSSLESS, layout)
        if made is None:
            return _uncompressed(picture, regions, hidden, colour)
        frames.append(made)
    _refuse_too_much(frames)
    return Pixels(frames, JPEG_2000_LOSSLESS, layout)


def _uncompressed(picture: Picture, regions: Regions, hidden: bool, colour: str) -> Pixels:
    layout = picture.layout._replace(planar=False)
    if colour:
        layout = layout._replace(photometric=RGB if colour in (RGB, PARTIAL) else YBR)
    refuse_unless(_size(layout) <= MOST_BYTES, TOO_LARGE)
    value = bytearray()
    for cells in _all(picture, regions, hidden, colour):
        value += stored_order(cells, layout).astype(layout.dtype.newbyteorder("<")).tobytes()
    value += bytes(len(value) % 2)
    return Pixels(bytes(value), EXPLICIT_LITTLE_UID, layout, "OW" if layout.allocated > 8 else "OB")


def _all(picture: Picture, regions: Regions, hidden: bool, colour: str) -> Iterator[Cells]:
    """The cells of every frame, changed where they have to be; retired colours, which nothing else can hold, as RGB."""
    for index in range(picture.count):
        refuse_unless(not colour or picture.colour(index) == colour)
        cells = _before_and_after(picture, index, regions.get(index, ()), hidden)[1]
        yield to_rgb(cells, PARTIAL, picture.layout.stored) if colour == PARTIAL else cells


def _size(layout: Layout) -> int:
    return layout.values * layout.frames * layout.allocated // 8


def _is_lossy(picture: Picture) -> bool:
    return any(picture.said(index).lossy for index in range(picture.count))


def _refuse_too_much(frames: Sequence[bytes]) -> None:
    refuse_unless(sum(map(len, frames)) <= MOST_BYTES, TOO_LARGE)
