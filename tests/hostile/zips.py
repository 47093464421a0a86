"""ZIPs that want to harm, written byte by byte (APPNOTE 4.3), because no tool would write them."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tests.factories.registry import dicom
from tests.hostile.cases import EITHER, TAKEN, Case

STORED, DEFLATED = 0, 8
NAME_IS_UTF8 = 1 << 11
LONGEST_NAME = 65_535


@dataclass(frozen=True)
class Entry:
    """One file in a ZIP. None stands for what is true; `local_…` are what only its own header says."""

    name: bytes
    packed: bytes
    size: int | None = None
    packed_size: int | None = None
    crc: int | None = None
    method: int = STORED
    flags: int = 0
    mode: int = 0
    offset: int | None = None
    extra: bytes = b""
    local_name: bytes | None = None
    local_method: int | None = None
    local_flags: int | None = None
    local_sizes: tuple[int, int] | None = None
    local_signature: bytes = b"PK\x03\x04"
    local_extra: bytes = b""
    extra_length: int | None = None
    before: bytes = b""


@dataclass(frozen=True)
class End:
    """The end of the directory, where it says something else than what is true."""

    disks: tuple[int, int] = (0, 0)
    counts: tuple[int, int] | None = None
    size: int | None = None
    offset: int | None = None
    comment: bytes = b""
    comment_length: int | None = None
    before: bytes = b""


def written(entries: Sequence[Entry], end: End = End()) -> bytes:
    """The ZIP."""
    body, directory = b"", b""
    for entry in entries:
        body += entry.before
        offset = len(body) if entry.offset is None else entry.offset
        size = len(entry.packed) if entry.size is None else entry.size
        packed_size = len(entry.packed) if entry.packed_size is None else entry.packed_size
        crc = zlib.crc32(entry.packed) if entry.crc is None else entry.crc
        flags = entry.flags if entry.local_flags is None else entry.local_flags
        method = entry.method if entry.local_method is None else entry.local_method
        name = entry.name if entry.local_name is None else entry.local_name
        sizes = (packed_size, size) if entry.local_sizes is None else entry.local_sizes
        extra = len(entry.local_extra) if entry.extra_length is None else entry.extra_length
        body += entry.local_signature + struct.pack(
            "<5H3I2H", 20, flags, method, 0, 0, crc, *(s & 0xFFFFFFFF for s in sizes), len(name), extra
        )
        body += name + entry.local_extra + entry.packed
        directory += b"PK\x01\x02" + struct.pack(
            "<6H3I5H2I", 0x0314, 20, entry.flags, entry.method, 0, 0, crc, packed_size & 0xFFFFFFFF,
            size & 0xFFFFFFFF, len(entry.name), len(entry.extra), 0, 0, 0, entry.mode << 16, offset & 0xFFFFFFFF,
        )  # fmt: skip
        directory += entry.name + entry.extra
    counts = end.counts or (len(entries), len(entries))
    size = len(directory) if end.size is None else end.size
    offset = len(body) if end.offset is None else end.offset
    length = len(end.comment) if end.comment_length is None else end.comment_length
    tail = b"PK\x05\x06" + struct.pack("<4H2IH", *end.disks, *counts, size, offset, length)
    return body + directory + end.before + tail + end.comment


def deflated(name: bytes, data: bytes) -> Entry:
    """An honest packed file."""
    return Entry(name, pack(data), size=len(data), crc=zlib.crc32(data), method=DEFLATED)


def pack(data: bytes) -> bytes:
    """A raw deflate stream (RFC 1951)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@cache
def zeros(megabytes: int) -> bytes:
    """So many packed zeros."""
    return pack(b"\0" * (megabytes << 20))


def good(name: bytes = b"good") -> Entry:
    """An honest scan, another one each time."""
    return deflated(name, dicom())


def cases() -> Iterator[Case]:
    """All of them."""
    for family in (_sizes, _flags, _methods, _kinds, _names, _cut, _ends, _places, _headers, _streams, _nested):
        for case in family():
            yield replace(case, name=f"zip: {case.name}")


def _sizes() -> Iterator[Case]:
    large = Entry(b"a", zeros(20), size=20 << 20, crc=0, method=DEFLATED)
    yield Case("a bomb", written([large, good()]), says="far more than it should")
    parts = [replace(large, name=str(n).encode(), packed=zeros(17), size=17 << 20) for n in range(4)]
    yield Case("a bomb in parts", written(parts), says="far more than it should")
    for size in (1 << 30, 0xFFFFFFFE):
        lie = replace(large, size=size)
        yield Case(f"says {size} bytes", written([lie]), says="more than we can take")
    for size in (1 << 33, 1 << 62, (1 << 64) - 1):
        extra = struct.pack("<HHQQ", 1, 16, size, 100)
        lie = Entry(b"a", b"x" * 100, size=0xFFFFFFFF, packed_size=0xFFFFFFFF, extra=extra)
        yield Case(f"says {size} bytes in the long form", written([lie]))
    many = [Entry(b"%d" % n, b"") for n in range(10_001)]
    yield Case("ten thousand and one files", written(many), says="too many files")
    long_names = [Entry(b"n" * LONGEST_NAME, b"") for _ in range(70)]
    yield Case("a directory of five megabytes", written(long_names), says="too many files")
    yield Case("less comes out than it says", written([replace(good(), size=1 << 20)]), says="damaged")
    yield Case("more comes out than it says", written([replace(good(), size=10)]), says="damaged")
    yield Case("a wrong checksum", written([replace(good(), crc=1)]), says="damaged")


def _flags() -> Iterator[Case]:
    scan = Entry(b"a", dicom())
    for bit in (0, 5, 6, 13):
        flags = 1 << bit
        expected = ("refused",) if bit == 0 else EITHER
        yield Case(f"flag {bit}", written([replace(scan, flags=flags)]), expected)
        yield Case(f"flag {bit} in the directory only", written([replace(scan, flags=flags, local_flags=0)]), expected)
        yield Case(f"flag {bit} in its own header only", written([replace(scan, local_flags=flags)]), expected)


def _methods() -> Iterator[Case]:
    for method in (1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 14, 18, 19, 93, 94, 95, 96, 97, 98, 99, 65_535):
        yield Case(f"method {method}", written([replace(good(), method=method)]), says="in a way that we cannot open")
    yield Case("packed, says stored", written([replace(good(), method=STORED)]), says="damaged")
    yield Case("stored, says packed", written([Entry(b"a", dicom(), method=DEFLATED)]), says="damaged")
    scan = good()
    for entry in (replace(scan, local_method=STORED), replace(scan, local_method=12)):
        data = written([entry, good()])
        yield Case(f"method {entry.local_method} in its own header", data, ("received", "refused"), "contents list")


def _kinds() -> Iterator[Case]:
    for name, mode in {"link": 0xA1FF, "pipe": 0x1000, "terminal": 0x2000, "disk": 0x6000, "socket": 0xC000}.items():
        data = written([Entry(b"a", b"/etc/passwd", mode=mode), good()])
        yield Case(f"a {name}", data, says="links or devices")
    yield Case("a kind that there is not", written([Entry(b"a", b"x", mode=0xF000)]), says="links or devices")
    yield Case("a folder with a scan in it", written([replace(good(b"a/"), mode=0x41FF)]), TAKEN)


def _names() -> Iterator[Case]:
    climbing = [
        b"../x",
        b"..\\x",
        b"/etc/cron.d/x",
        b"a/../../x",
        b"C:\\x",
        b"c:x",
        b"\\\\server\\x",
        b"..",
        b"a/..\\x",
    ]
    for name in climbing:
        yield Case(f"named {name!r}", written([good(name), good()]), ("received", "refused"), "leads out")
    odd = [
        b"",
        b".",
        b"CON",
        b"a" * 4_000,
        b"<script>alert(1)</script>",
        b"a\r\nSet-Cookie: x",
        b"%00",
        b"~root",
        b"-rf",
    ]
    for name in (*odd, b"\xff\xfe", "\u202egnp.exe".encode(), b"$(reboot)", b"'; DROP TABLE registry_image; --"):
        yield Case(f"named {name[:20]!r}", written([good(name)]), TAKEN)
    for name in (b"", b"\0/"):  # found by fuzz.py
        yield Case(f"nothing, named {name!r}", written([Entry(name, b""), good()]), ("received", "refused"), "empty")
    yield Case("a name with an end in it", written([good(b"a\0../../x")]), EITHER)
    utf8 = replace(good(b"\xff\xfe\xfd"), flags=NAME_IS_UTF8)
    yield Case("a name that says it is UTF-8", written([utf8]), ("refused",))
    data = written([good(b"a"), good(b"a")])
    yield Case("two of one name", data, ("received", "received"))
    other = replace(good(b"a"), local_name=b"b")
    yield Case("another name in its own header", written([other, good()]), ("received", "refused"), "damaged")
    # Found by breeding: the standard library decodes this name and lets the error through.
    wild = replace(good(b"a"), local_name=b"\xca", local_flags=NAME_IS_UTF8)
    yield Case("a name that is not as it says in its own header", written([wild, good()]), ("received", "refused"))


def _cut() -> Iterator[Case]:
    data = written([good(b"a"), good(b"b")])
    for part in range(1, 12):
        yield Case(f"cut after {part}/12", data[: len(data) * part // 12], says="damaged")
    for less in (1, 10, 21):
        yield Case(f"{less} bytes too short", data[:-less], says="damaged")
    yield Case("only its first bytes", b"PK\x03\x04", says="damaged")
    yield Case("only its last bytes", written([]), says="no file in this ZIP")


def _ends() -> Iterator[Case]:
    files = [good(b"a"), good(b"b")]
    ends = {
        "no files": End(counts=(0, 0)),
        "too many files": End(counts=(9, 9)),
        "the most files": End(counts=(65_535, 65_535)),
        "another disk": End(disks=(1, 1)),
        "a directory of no size": End(size=0),
        "a short directory": End(size=46),
        "a long directory": End(size=0x7FFFFFFF),
        "a directory at the start": End(offset=0),
        "a directory far away": End(offset=0x7FFFFFFF),
        "a comment that is not there": End(comment_length=500),
        "bytes before its end": End(before=b"x" * 100),
        "a second end in the comment": End(comment=b"PK\x05\x06" + b"\0" * 18),
        "a long form that is not there": End(before=b"PK\x06\x07" + struct.pack("<IQI", 0, 1 << 40, 1)),
        "a long form of nothing": End(before=b"PK\x06\x07" + struct.pack("<IQI", 0, 0, 1)),
    }
    for name, end in ends.items():
        yield Case(name, written(files, end), EITHER)


def _places() -> Iterator[Case]:
    first, second = good(b"a"), good(b"b")
    yield Case("two files in one place", written([first, replace(first, offset=0)]), says="over one another")
    at_first = replace(second, name=b"a", offset=0)
    yield Case("a file over another", written([replace(first, packed=b"x" * 4_000), at_first]))
    for offset in (0xFFFFFFFF, 0x7FFFFFFF, 5, 1 << 20):
        yield Case(f"a file at {offset}", written([first, replace(second, offset=offset)]))
    overlong = replace(first, packed_size=1 << 20, size=1 << 20)
    yield Case("a file that goes on into the next", written([overlong, second]), says="over one another")
    yield Case("a file that goes on into the directory", written([replace(first, packed_size=5_000)]))
    yield Case("two ZIPs, one after the other", written([first]) + written([second]), says="contents list")
    hidden = written([second])[: -100 - len(second.name)]
    yield Case("a file that is not named", written([first, replace(good(b"c"), before=hidden)]), says="contents list")
    yield Case("a program before it", b"PK\x03\x04MZ\x90" + b"\0" * 500 + written([first]), says="contents list")


def _headers() -> Iterator[Case]:
    scan, whole = good(b"a"), good(b"b")
    headers = {
        "without its signature": replace(scan, local_signature=b"PK\x03\x05"),
        "with no extra field": replace(scan, extra_length=60_000),
    }
    for name, entry in headers.items():
        yield Case(f"a header {name}", written([entry, whole]))
    for sizes in ((0, 0), (1, 1), (1 << 31, 1 << 31)):
        data = written([replace(scan, local_sizes=sizes), good()])
        yield Case(f"sizes {sizes} in its own header", data, ("received", "refused"), "contents list")
    for length in (0, 4, 65_535):
        extra = struct.pack("<HH", 1, length)
        yield Case(f"a long form of {length} bytes", written([replace(scan, extra=extra), whole]), EITHER)
    yield Case("extra fields of no use", written([replace(good(), extra=b"\x99\x99\0\0" * 1_000)]), TAKEN)
    yield Case("an extra field that breaks off", written([replace(scan, extra=b"\x01\0\x09\0\1\2\3")]), EITHER)


def _streams() -> Iterator[Case]:
    scan = dicom()
    packed = pack(scan)
    streams = {
        "noise": bytes(range(256)) * 4,
        "nothing": b"",
        "half": packed[: len(packed) // 2],
        "a wrong block": b"\x07" + packed[1:],
        "blocks of nothing": b"\0\0\0\xff\xff" * 5_000,
        "a reach before its start": b"\x4b\x04\x12\x00",
    }
    for name, stream in streams.items():
        entry = Entry(b"a", stream, size=len(scan), crc=zlib.crc32(scan), method=DEFLATED)
        yield Case(f"packed is {name}", written([entry, good()]), ("received", "refused"), "damaged")
    more = Entry(b"a", packed + b"x" * 100, size=len(scan), crc=zlib.crc32(scan), method=DEFLATED)
    yield Case("more behind what was packed", written([more]), TAKEN)


def _nested() -> Iterator[Case]:
    inner = written([good()])
    yield Case("a ZIP in a ZIP", written([Entry(b"a", inner)]), TAKEN)
    deep = written([Entry(b"a", written([Entry(b"b", inner)])), good()])
    yield Case("a ZIP in a ZIP in a ZIP", deep, ("received", "refused"), "ZIP in a ZIP in a ZIP")
    bomb = written([Entry(b"a", zeros(20), size=20 << 20, crc=0, method=DEFLATED)])
    yield Case("a bomb in a ZIP", written([Entry(b"a", bomb), good()]), ("received", "refused"), "far more")
    many = written([Entry(b"%d" % n, b"x") for n in range(40)])
    many_zips = written([Entry(b"%d" % n, written([Entry(b"a", b"x")])) for n in range(20)])
    yield Case("forty files of one byte", written([Entry(b"a", many)]), ("skipped",) * 40)
    yield Case("twenty ZIPs in a ZIP", many_zips, ("skipped",) * 20)
    yield Case("an empty ZIP in a ZIP", written([Entry(b"a", written([]))]), says="no file in this ZIP")
    yield Case("a ZIP in a ZIP that is cut", written([Entry(b"a", inner[:-30]), good()]), ("received", "refused"))
