"""Every place of a file, beside its attributes, in which an identity can stand: each as a file that has it there."""

import struct
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageCms

from tests.deid.reports import ROOT

from . import kinds
from .raw import Plain, file, nested_un, sequence, text, written
from .sweep import base, nested

Builder = Callable[[str], bytes]
JPEG, JPEG_2000 = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90"
GEMS, SAFE_CREATOR = b"GEMS_PARM_01", 0x00430010


def private(word: bytes, creator: bytes = b"ACME 1.1", vr: str = "LO", element: int = 0x1001) -> list[Plain]:
    """A private block of one element."""
    return [Plain(0x00430010, "LO", creator), Plain(0x00430000 | element, vr, word)]


def meta(word: str) -> bytes:
    """Every text of the file meta information, and its private information."""
    more = [text(tag, "AE", word[:16]) for tag in (0x00020016, 0x00020017, 0x00020018)]
    more += [text(0x00020013, "SH", word[:16]), text(0x00020100, "UI", "1.2.3"), Plain(0x00020102, "OB", word.encode())]
    return file(base(), meta=more)


def stray_groups(word: str) -> bytes:
    """Command, file meta and directory elements in the data set, and a group length."""
    tags = (0x00000600, 0x00020016, 0x00041130, 0x00041212)
    return file(base(*(text(tag, "LO", word) for tag in tags), text(0x00080000, "LO", word)))


def after_pixels(word: str) -> bytes:
    """Elements behind the picture, some of them padding."""
    behind = [text(0x7FE10010, "LO", word), text(0x7FE11001, "LO", word), Plain(0xFFFAFFFA, "SQ", [[]])]
    return file(base(*behind, Plain(0xFFFCFFFC, "OB", word.encode())))


def overlays(word: str) -> bytes:
    """Overlays and curves, at the root and nested."""
    found = [
        text(group << 16 | number, "LO", word)
        for group in (0x6000, 0x6002, 0x60FE, 0x5000, 0x5002)
        for number in (0x0022, 0x1500, 0x2600)
    ]
    found += [Plain(0x60003000, "OW", word.encode()), Plain(0x50003000, "OW", word.encode())]
    return file(base(*found, nested(found)))


def icon(word: str) -> bytes:
    """A small picture of the picture, with writing in it."""
    inner = [Plain(0x00280010, "US", b"\4\0"), Plain(0x7FE00010, "OB", word.encode()), text(0x00104000, "LT", word)]
    return file(base(sequence(0x00880200, inner), nested([sequence(0x00880200, inner)])))


def unknown_vr(word: str) -> bytes:
    """Values of which the file does not say what they are, also whole sequences of them, in both lengths."""
    inner = [text(0x00104000, "LT", word), text(0x00100010, "PN", f"{word}^X")]
    un = [Plain(tag, "UN", word.encode()) for tag in (0x00081030, 0x00101001, 0x00204000, 0x00189999)]
    return file(base(*un, nested_un(0x00081140, [inner], False), nested_un(0x00400275, [inner], True)))


def implicit_private(word: str) -> bytes:
    """A private sequence in implicit VR, where nothing says that it is one."""
    inner = written([*private(word.encode()), text(0x00100010, "PN", word)], explicit=False)
    items = struct.pack("<HHL", 0xFFFE, 0xE000, len(inner)) + inner
    return file(base(*private(items, vr="SQ"), nested(private(items, vr="SQ"))), "implicit")


def safe_private(word: str) -> bytes:
    """A creator of the standard's list with the identity in its safe elements, under their VR and under others."""
    rows = [(0x1039, "IS"), (0x106F, "DS"), (0x1010, "US"), (0x102A, "OB"), (0x10FE, "LO")]
    found = [Plain(SAFE_CREATOR, "LO", GEMS), *(Plain(0x00430000 | at, vr, word.encode()) for at, vr in rows)]
    un = [Plain(each.tag, "UN" if each.tag & 0xFFFF > 0xFF else "LO", each.value) for each in found]
    return file(base(*found, nested(un)))


def picture(word: str, form: str, syntax: str) -> bytes:
    """A compressed picture with a comment and Exif data, as cameras and converters write them."""
    out, image = BytesIO(), Image.new("L", (16, 16), 77)
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = word, word
    image.save(out, form, comment=word, **({"exif": exif.tobytes()} if form == "JPEG" else {"no_jp2": True}))
    assert word.encode() in out.getvalue()
    frame = out.getvalue() + b"\0" * (len(out.getvalue()) % 2)
    value = struct.pack("<HHLHHL", 0xFFFE, 0xE000, 0, 0xFFFE, 0xE000, len(frame)) + frame
    return compressed(value, syntax)


def compressed(value: bytes, syntax: str, *more: Plain) -> bytes:
    """A picture's fragments in a file."""
    raw = file(base(*more, Plain(0x7FE00010, "OB", b"")), syntax=syntax)
    head = struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OB", 0, 0)
    assert raw.endswith(head)
    return raw[:-4] + b"\xff" * 4 + value + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)


def boxed(word: str) -> bytes:
    """A JPEG 2000 picture with UUID and XML boxes around it."""
    out = BytesIO()
    Image.new("L", (16, 16), 77).save(out, "JPEG2000")
    data = out.getvalue()
    at = 12 + int.from_bytes(data[12:16], "big")
    boxes = b"".join(struct.pack(">L4s", 8 + len(body), kind) + body for kind, body in _bodies(word))
    frame = data[:at] + boxes + data[at:]
    frame += b"\0" * (len(frame) % 2)
    items = struct.pack("<HHLHHL", 0xFFFE, 0xE000, 0, 0xFFFE, 0xE000, len(frame))
    return compressed(items + frame, JPEG_2000)


def _bodies(word: str) -> list[tuple[bytes, bytes]]:
    return [(b"uuid", bytes(16) + word.encode()), (b"xml ", f"<who>{word}</who>".encode())]


def colours(word: str) -> bytes:
    """A colour profile whose description names someone."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain, wide = word[:8].encode(), word[:4].encode("utf-16-be")
    changed = profile.replace("sRGB".encode("utf-16-be"), wide).replace(b"lcms", plain[:4])
    assert wide in changed
    return file(base(Plain(0x00282000, "OB", changed)))


def twice(word: str) -> bytes:
    """The same element again, and elements out of order."""
    again = written([text(0x00081030, "LO", f"CT {word}"), text(0x00100010, "PN", f"{word}^B")])
    return file(base(text(0x00081030, "LO", "CT")), behind=again)


#: Each place by its name; all of these files must come out clean.
PLACES: dict[str, Builder] = {
    "preamble": lambda word: file(base(), preamble=word.encode().ljust(128, b"\1")),
    "file meta information": meta,
    "groups 0000, 0002, 0004 and group lengths": stray_groups,
    "elements after the picture and padding": after_pixels,
    "overlays and curves": overlays,
    "overlay in unused bits of the picture": lambda word: file(
        base(Plain(0x60000100, "US", b"\x10\0"), text(0x60000022, "LO", word))
    ),
    "icon image": icon,
    "unknown VR, also of sequences": unknown_vr,
    "private element": lambda word: file(base(*private(word.encode()), nested(private(word.encode())))),
    "private creator": lambda word: file(base(*private(b"1", word.encode()), nested(private(b"1", word.encode())))),
    "private element without creator": lambda word: file(base(text(0x00431001, "LO", word))),
    "private sequence in implicit VR": implicit_private,
    "safe private elements": safe_private,
    "one of several values": lambda word: file(base(text(0x00081030, "LO", rf"CT\{word}\ABDOMEN"))),
    "behind a null": lambda word: file(base(Plain(0x00081030, "LO", b"CT\0" + word.encode()))),
    "JPEG comment and Exif": lambda word: picture(word, "JPEG", JPEG),
    "JPEG 2000 comment": lambda word: picture(word, "JPEG2000", JPEG_2000),
    "JPEG 2000 boxes": boxed,
    "colour profile": colours,
    "structured report": kinds.report,
    "key object selection": kinds.key_objects,
    "presentation state": kinds.graphics,
    "structure set": kinds.structures,
    "radiotherapy plan": kinds.plan,
    "waveform": kinds.waveform,
    "segmentation": kinds.segmentation,
    "whole slide image": kinds.slide,
    "functional groups": kinds.frames,
    "Siemens CSA header": kinds.siemens_header,
}
#: Without an option that cleans content trees these are held back.
NEEDS_OPTION = frozenset({"structured report", "key object selection"})


def of_class(suffix: str, tag: int = 0x00420011, vr: str = "OB") -> Builder:
    """A file of another kind that wraps the identity."""
    return lambda word: file(base(Plain(tag, vr, word.encode()), sop_class=ROOT + suffix))


#: Each of these is held back, for one of the reasons: a picture of a label, a document, a voice, a list of people.
HELD_BACK: dict[str, tuple[Builder, frozenset[str]]] = {
    "encapsulated PDF": (of_class("104.1"), frozenset({"encapsulated_document"})),
    "encapsulated CDA": (of_class("104.2"), frozenset({"encapsulated_document"})),
    "encapsulated STL": (of_class("104.3"), frozenset({"encapsulated_document"})),
    "sound": (of_class("9.4.1", 0x54001010), frozenset({"audio"})),
    "DICOMDIR": (
        lambda word: file(base(text(0x00041130, "CS", word[:16].upper()), sop_class="1.2.840.10008.1.3.10")),
        frozenset({"dicomdir"}),
    ),
    "slide label": (
        lambda word: file(base(text(0x00080008, "CS", rf"ORIGINAL\PRIMARY\LABEL\{word.upper()[:16]}"))),
        frozenset({"slide_label"}),
    ),
    "slide overview": (lambda word: file(base(text(0x00480010, "CS", "YES"))), frozenset({"slide_label"})),
    "behind the last pixel": (
        lambda word: file(base(Plain(0x7FE00010, "OW", bytes(512) + word.encode()))),
        frozenset({"pixel_data_length"}),
    ),
    "a second data set behind the first": (twice, frozenset({"malformed"})),
    "text behind the data set": (lambda word: file(base(), behind=word.encode()), frozenset({"malformed"})),
}
