"""Scans that want to harm: two kinds of file in one, lengths that lie, nesting without end; and what is no scan."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace

from tests.factories.registry import dicom
from tests.hostile.cases import EITHER, SKIPPED, TAKEN, Case
from tests.hostile.zips import good, written

SEQUENCE = b"\x08\x00\x40\x11SQ\0\0"
ENDLESS = b"\xff\xff\xff\xff"
ITEM, ITEM_END, SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0\0\0\0\0", b"\xfe\xff\xdd\xe0\0\0\0\0"
PATIENT, META = b"\x10\x00\x10\x00PN", 132
EXPLICIT = b"1.2.840.10008.1.2.1\0"
#: What a file may begin with so that another program takes it for its own; a scan may begin with anything (PS3.10 7.1).
PREAMBLES = {
    "PE": b"MZ\x90\0" + b"\0" * 56 + b"\x80\0\0\0",
    "ELF": b"\x7fELF\x02\x01\x01",
    "Mach-O": b"\xcf\xfa\xed\xfe",
    "TIFF": b"II*\0\x08\0\0\0",
    "TIFF of the other order": b"MM\0*\0\0\0\x08",
    "BigTIFF": b"II+\0\x08\0\0\0",
    "ZIP": b"PK\x03\x04\x14\0\0\0",
    "empty ZIP": b"PK\x05\x06" + b"\0" * 18,
    "HTML": b"<html><script>alert(document.cookie)</script>",
    "SVG": b'<svg onload="alert(1)">',
    "PDF": b"%PDF-1.7\n",
    "shell": b"#!/bin/sh\nrm -rf ~\n",
    "batch": b"@echo off\r\ndel /s *\r\n",
    "PHP": b"<?php system($_GET[0]); ?>",
    "GIF": b"GIF89a",
    "JPEG": b"\xff\xd8\xff\xe0",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "RAR": b"Rar!\x1a\x07\0",
    "gzip": b"\x1f\x8b\x08\0",
    "Java": b"\xca\xfe\xba\xbe",
    "EICAR": rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
}
NO_SCANS = {
    **{name: data + b"\1" * 200 for name, data in PREAMBLES.items() if name not in {"ZIP", "empty ZIP"}},
    "zeros": b"\0" * 2_000,
    "noise": bytes(range(256)) * 8,
    "one byte": b"x",
    "nothing": b"",
    "a word too late": b"\0" * 129 + b"DICM",
    "autorun": b"[autorun]\r\nopen=VIEWER.EXE\r\n",
    "UTF-16": "[autorun]".encode("utf-16"),
    "7z": b"7z\xbc\xaf\x27\x1c\0\4",
    "xz": b"\xfd7zXZ\0",
}


def cases() -> Iterator[Case]:
    """All of them."""
    families = (_polyglots, _no_scans, _cut, _lengths, _representations, _words, _nested, _metas, _deflated, _bare)
    for family in families:
        for case in family():
            yield replace(case, name=f"scan: {case.name}")


def polyglots() -> Iterator[tuple[str, bytes, bytes]]:
    """(name, file, what must be in no cleaned file) for each scan that is another kind of file as well."""
    for name, start in PREAMBLES.items():
        data = dicom()
        yield f"begins as {name}", start + data[len(start) : 128] + data[128:], start[:128]
    packed = written([good()])
    for name, end in {"ZIP": packed, "HTML": PREAMBLES["HTML"], "program": PREAMBLES["PE"] * 40}.items():
        yield f"ends as {name}", dicom() + end, end


def at(data: bytes, place: bytes, new: bytes, *, instead: int = 0) -> bytes:
    """The file with `new` in it before `place`, in the stead of so many bytes."""
    found = data.index(place)
    return data[:found] + new + data[found + instead :]


def _polyglots() -> Iterator[Case]:
    for name, data, _ in polyglots():
        yield Case(name, data, TAKEN)


def _no_scans() -> Iterator[Case]:
    for name, data in NO_SCANS.items():
        yield Case(f"is {name}", data, EITHER)
    yield Case("is a disc's contents", dicom(SOPClassUID="1.2.840.10008.1.3.10") + b"..\\..\\etc", SKIPPED, "contents")


def _cut() -> Iterator[Case]:
    data = dicom("A^B", "19500101")
    for end in (129, 131, 132, 134, 138, 144, 160, 200, 260, 300, 340, 380):
        yield Case(f"cut at {end}", data[:end])


def _lengths() -> Iterator[Case]:
    data = dicom("Abcdef^Ghijkl", "19500101")
    elements = {
        "class": b"\x08\x00\x16\x00UI",
        "instance": b"\x08\x00\x18\x00UI",
        "modality": b"\x08\x00\x60\x00CS",
        "name": PATIENT,
        "number": b"\x10\x00\x20\x00LO",
        "study": b"\x20\x00\x0d\x00UI",
    }
    for name, start in elements.items():
        for length in (0, 1, 0x7FFF, 0xFFFE, 0xFFFF):
            lied = at(data, start, start + struct.pack("<H", length), instead=8)
            yield Case(f"{name} of {length} bytes", lied, EITHER)
    for length in (0xFFFFFFFE, 0x7FFFFFFF, 0x80000000):
        long = at(data, PATIENT, b"\x10\x00\x10\x00UT\0\0" + struct.pack("<I", length), instead=8)
        yield Case(f"a name of {length} bytes", long)
        odd = at(data, PATIENT, b"\x09\x00\x01\x10OB\0\0" + struct.pack("<I", length))
        yield Case(f"something of {length} bytes", odd)


def _representations() -> Iterator[Case]:
    data = dicom("Abcdef^Ghijkl", "19500101")
    for kind in (b"SQ", b"UN", b"OB", b"OW", b"FD", b"US", b"AT", b"UR", b"IS", b"DS", b"??", b"\0\0", b"\xff\xff"):
        yield Case(f"a name of kind {kind!r}", at(data, PATIENT, PATIENT[:4] + kind, instead=6), EITHER)
        place = b"\x08\x00\x05\x00CS"
        yield Case(f"letters of kind {kind!r}", at(data, place, place[:4] + kind, instead=6), EITHER)


def _words() -> Iterator[Case]:
    sets = ("ISO_IR 999", "\\" * 40, "ISO 2022 IR 87\\ISO 2022 IR 159", "GB18030", "UTF-7", "../../etc/passwd")
    for letters in sets:
        yield Case(f"letters {letters[:20]!r}", dicom("山田^太郎", SpecificCharacterSet=letters), EITHER)
    names = {
        "without end": "=".join(["A^B" * 900] * 3),
        "of signs": "^^^^====\\\\\\",
        "of escapes": "A\x1b$B\x1b(J\x1b",
        "of HTML": "<script>alert(1)</script>",
        "of ends": "A\0B",
        "turned round": "\u202eA^B",
    }
    for name, text in names.items():
        yield Case(f"a name {name}", dicom(text), EITHER)
    yield Case("a study that is no UID", dicom(StudyInstanceUID="'; DROP TABLE"), EITHER)
    yield Case("a study without a UID", dicom(StudyInstanceUID=""), EITHER)
    yield Case("an instance without a UID", dicom(SOPInstanceUID=""), EITHER)


def _nested() -> Iterator[Case]:
    data = dicom()
    closed = ITEM + b"\0\0\0\0"
    many = SEQUENCE + ENDLESS + closed * 60_000 + SEQUENCE_END
    bodies = {
        "nested without end": (SEQUENCE + ENDLESS + ITEM + ENDLESS) * 5_000,
        "nested a hundred deep": (SEQUENCE + ENDLESS + ITEM + ENDLESS) * 100 + (ITEM_END + SEQUENCE_END) * 100,
        "sixty thousand items": many,
        "an item outside of a sequence": ITEM + b"\x08\0\0\0" + b"\0" * 8,
        "an end without a beginning": SEQUENCE_END * 3,
        "an end of an item without one": ITEM_END * 3,
        "a sequence of lies": SEQUENCE + struct.pack("<I", 1 << 30) + closed,
        "a sequence of words": SEQUENCE + ENDLESS + b"not an item at all" * 10,
        "an item longer than its sequence": SEQUENCE + struct.pack("<I", 8) + ITEM + struct.pack("<I", 1 << 20),
        "elements in the wrong order": data[data.index(b"\x20\x00\x0d\x00UI") :][:40],
        "the same element a thousand times": b"\x08\x00\x60\x00CS\x02\x00CT" * 1_000,
    }
    for name, body in bodies.items():
        yield Case(name, at(data, PATIENT, body), EITHER)
    elements = b"".join(struct.pack("<HH2sH", 9, number, b"LO", 0) for number in range(0x1000, 0xFA60))
    yield Case("sixty thousand elements", at(data, PATIENT, elements), says="far longer")


def _metas() -> Iterator[Case]:
    data = dicom()
    for syntax in (b"1.2.840.10008.1.2\0\0\0", b"1.2.840.10008.1.2.2\0", b"9.9.9.9.9.9.9.9.9.9\0", b"\0" * 20):
        yield Case(f"stored as {syntax[-8:]!r}", data.replace(EXPLICIT, syntax), EITHER)
    place = data[META : META + 8]
    for length in (0, 1, 10, 0x7FFFFFFF, 0xFFFFFFFF):
        yield Case(f"a first group of {length}", at(data, place, place + struct.pack("<I", length), instead=12), EITHER)
    yield Case("nothing behind its mark", data[:META])
    yield Case("noise behind its mark", data[:META] + bytes(range(1, 256)) * 4, EITHER)
    yield Case("zeros behind its mark", data[:META] + b"\0" * 500, EITHER)
    yield Case("a second scan behind its mark", data[:META] + data, EITHER)


def _deflated() -> Iterator[Case]:
    data = dicom()
    start = data.index(b"\x08\x00\x05\x00CS")
    old, new = b"UI\x14\x00" + EXPLICIT, b"UI\x16\x001.2.840.10008.1.2.1.99"
    head = bytearray(data[:start].replace(old, new))
    head[140:144] = (int.from_bytes(head[140:144], "little") + 2).to_bytes(4, "little")
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(data[start:] + b"\0" * (8 << 20)) + packer.flush()
    bodies = {"a bomb": packed, "noise": b"\xff" * 300, "half": packed[:60], "nothing": b"", "not packed": data[start:]}
    for name, body in bodies.items():
        yield Case(f"deflated, {name}", bytes(head) + body, EITHER if name == "a bomb" else ("refused",))


def _bare() -> Iterator[Case]:
    data = dicom()
    bare = data[data.index(b"\x08\x00\x05\x00CS") :]
    yield Case("without its first part", bare, TAKEN)
    yield Case("without its first part, cut", bare[:60])
    for start in (b"\x08\0\0\0UL", b"\x02\0\0\0UL\x04\0", b"\x08\0\x05\0\x0a\0\0\0", b"\0\x08\0\x05CS\0\x0a"):
        yield Case(f"begins with {start[:6]!r} and noise", start + bytes(range(256)) * 4, EITHER)
