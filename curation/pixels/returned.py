"""Whether a file that comes back from the child is the one that it was given, but for what blanking changes.

Whoever takes a decoder over could write what it likes into the file, and the child knows what the donor's headers said.
So the parent puts the file together itself: from the one that was given, the pixel data that came back, and the few
elements that follow from it, each in a form that leaves no room. Every byte must be the same. No decoder runs here.
"""

from curation.deid.files.representations import pad
from curation.deid.files.syntax import EXPLICIT_LITTLE_UID
from curation.deid.files.tree import Dataset, Element, number_of, text_of
from curation.deid.pictures.codestreams import extended_offsets_fit, fragments
from curation.deid.standard.claims import with_clean_pixels
from curation.pixels import elements, file, loss
from curation.pixels.encode import JPEG_2000_LOSSLESS
from curation.pixels.file import BURNED_IN, EXTREMES, METHODS, PHOTOMETRIC, PLANAR, SOP_INSTANCE, Changes
from curation.pixels.file import PIXELS as PIXEL_DATA
from curation.pixels.fragments import encapsulated
from curation.pixels.frames import PIXELS
from curation.pixels.layout import HALVED
from curation.pixels.limits import ALTERED, CannotShow

_OFFSETS, _LENGTHS = 0x7FE00001, 0x7FE00002
_FRAMES, _SAMPLES, _ROWS, _COLUMNS, _ALLOCATED = 0x00280008, 0x00280002, 0x00280010, 0x00280011, 0x00280100
#: What frames are held in that their own transfer syntax cannot hold, and the colours that they then have.
_OTHERS, _COLOURS = frozenset({JPEG_2000_LOSSLESS, EXPLICIT_LITTLE_UID}), frozenset({"RGB", "YBR_FULL", "YBR_RCT"})
_BYTES = frozenset({"OB", "OW"})
#: Besides the pixels and their tables, the UID and the extremes.
_SMALL = (BURNED_IN, METHODS, PHOTOMETRIC, PLANAR, loss.LOSSY, loss.RATIO, loss.METHOD)
#: Without loss a frame takes no more than this, of its size uncompressed and beside it.
_GROWN, _BESIDE = 2, 4096


def check(given: bytes, back: bytes, new_uid: str) -> None:
    """Raises CannotShow where `back` differs from `given` in more than blanking changes.

    `new_uid`: the SOP Instance UID of a picture that changed; empty where none was to, so that only what is said of
    the search may have changed (Burned In Annotation and the code of PS3.15 section E.3.1).
    """
    try:
        same = _put_together(_File(given), _File(back), new_uid) == back
    except CannotShow:
        same = False
    if not same:
        raise CannotShow(ALTERED)


class _File:
    """A file's elements by their tags."""

    def __init__(self, data: bytes) -> None:
        self.container, self.placed = elements.read(data)
        self.view = memoryview(self.container.data)
        self.all: Dataset = [each.element for each in self.placed]
        self.syntax, self.little = self.container.transfer_syntax, self.container.encoding.little
        self.places = {each.element.tag: each for each in self.placed}

    def raw(self, tag: int) -> bytes | None:
        """An element as it stands there."""
        each = self.places.get(tag)
        return None if each is None else bytes(self.view[each.start : each.end])

    def element(self, tag: int) -> Element:
        """The element with this tag."""
        _require(tag in self.places)
        return self.places[tag].element

    def number(self, tag: int, default: int = 0) -> int:
        return number_of(self.all, tag, self.little, default)


def _put_together(given: _File, back: _File, new_uid: str) -> bytes:
    """What an honest child makes of the file, with the pixels of what came back."""
    differs = {tag for tag in _SMALL if given.raw(tag) != back.raw(tag)}
    changes = _claimed(given, differs)
    if new_uid:
        changes[SOP_INSTANCE] = Element(SOP_INSTANCE, "UI", pad(new_uid.encode(), "UI"))
        changes |= dict.fromkeys(EXTREMES & given.places.keys())
        changes |= _described(given, back, differs) | _pixels(given, back)
    return file.put_together(given.container, given.placed, changes, back.syntax if new_uid else given.syntax)


def _claimed(given: _File, differs: set[int]) -> Changes:
    changes: Changes = {}
    if BURNED_IN in differs:
        changes[BURNED_IN] = Element(BURNED_IN, "CS", b"NO")
    if METHODS in differs:
        changes[METHODS] = with_clean_pixels(given.element(METHODS))
    return changes


def _described(given: _File, back: _File, differs: set[int]) -> Changes:
    """What the header says of the pixels' form and of losses, where it says something else than before."""
    colour = text_of(back.all, PHOTOMETRIC)
    _require(PHOTOMETRIC not in differs or colour in _COLOURS)
    _require(not differs & {loss.RATIO, loss.METHOD} & given.places.keys())  # said before: it stays
    forms = {
        PHOTOMETRIC: ("CS", colour.encode()),
        loss.LOSSY: ("CS", b"01"),
        loss.METHOD: ("CS", loss.METHODS.get(given.syntax, "").encode()),
        loss.RATIO: ("DS", _ratio(given)),
    }
    changes: Changes = {tag: Element(tag, vr, pad(form, vr)) for tag, (vr, form) in forms.items() if tag in differs}
    return changes | ({PLANAR: Element(PLANAR, "US", bytes(2))} if PLANAR in differs else {})


def _ratio(given: _File) -> bytes:
    """Lossy Image Compression Ratio (0028,2112), as loss.py tells it."""
    pixels = given.places.get(PIXEL_DATA)
    if pixels is None or not pixels.element.fragments:
        return b""
    coded = sum(stop - start for start, stop in fragments(memoryview(pixels.element.value)))
    return b"%.2f" % (_bits(given) / 8 / max(coded, 1))


def _pixels(given: _File, back: _File) -> Changes:
    """The pixel data that came back, as long as the header says, and its tables of offsets."""
    tag = next((tag for tag in PIXELS if tag in given.places), 0)
    before, now = given.element(tag), back.element(tag)
    _require(back.syntax == given.syntax or (before.fragments and back.syntax in _OTHERS))
    changes: Changes = dict.fromkeys({_OFFSETS, _LENGTHS} & given.places.keys())
    if now.fragments:
        _require(before.fragments)
        return changes | _encapsulated(given, back, before, now)
    _require(now.vr == before.vr or now.vr in _BYTES)
    size = _native_size(given) if back.syntax == given.syntax else _size(given)
    _require(len(now.value) == (len(before.value) if back.syntax == given.syntax else size + size % 2))
    _require(len(now.value) >= size and not bytes(now.value[size:]).strip(b"\0"))
    return changes | {tag: Element(tag, now.vr, now.value)}


def _encapsulated(given: _File, back: _File, before: Element, now: Element) -> Changes:
    """Frames of one fragment each, no larger than such frames can be."""
    value = memoryview(now.value)
    frames = [bytes(value[start:stop]) for start, stop in fragments(value)]
    count = given.number(_FRAMES, 1) or 1
    _require(len(frames) == count and len(value) <= len(before.value) + _GROWN * _size(given) + _BESIDE * count)
    held = encapsulated(frames, table=value[4:8] != bytes(4))
    made: Changes = {now.tag: Element(now.tag, "OB", held, fragments=True)}
    if _OFFSETS in given.places:
        offsets, lengths = back.element(_OFFSETS), back.element(_LENGTHS)
        _require(extended_offsets_fit(offsets.value, lengths.value, value))
        made |= {each.tag: Element(each.tag, "OV", each.value) for each in (offsets, lengths)}
    return made


def _size(given: _File) -> int:
    """The bytes of all frames uncompressed."""
    return (_bits(given) + 7) // 8


def _bits(given: _File) -> int:
    """The bits of all frames uncompressed, by the header (PS3.3 section C.7.6.3)."""
    values = given.number(_ROWS) * given.number(_COLUMNS) * given.number(_SAMPLES, 1)
    return values * given.number(_ALLOCATED) * (given.number(_FRAMES, 1) or 1)


def _native_size(given: _File) -> int:
    """The bytes of all frames as they are held, where two pixels may share their colour."""
    size = _size(given)
    return size * 2 // 3 if text_of(given.all, PHOTOMETRIC) in HALVED else size


def _require(holds: bool) -> None:
    if not holds:
        raise CannotShow(ALTERED)
