"""Multipart bodies that want to harm (RFC 2046), and what a store request with each must be answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.factories.registry import dicom

BOUNDARY = "a-line"
DICOM = b"Content-Type: application/dicom\r\n"
RELATED = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'


@dataclass(frozen=True)
class Body:
    """`kept` and `failed`: how many instances the answer must name as what."""

    name: str
    data: bytes = field(repr=False)
    status: int = 400
    kept: int = 0
    failed: int = 0
    content_type: str = RELATED


def part(data: bytes, headers: bytes = DICOM) -> bytes:
    """One part, from its boundary on."""
    return b"--" + BOUNDARY.encode() + b"\r\n" + headers + b"\r\n" + data + b"\r\n"


def body(files: Sequence[bytes]) -> bytes:
    """A sound body."""
    return b"".join(part(data) for data in files) + b"--" + BOUNDARY.encode() + b"--\r\n"


def cases() -> Iterator[Body]:
    """All of them."""
    yield from _kinds()
    yield from _shapes()
    yield from _parts()


def _kinds() -> Iterator[Body]:
    sound = body([dicom()])
    for kind in (
        "", "application/dicom", "multipart/form-data; boundary=a-line", "multipart/mixed; boundary=a-line",
        f'multipart/related; type="application/dicom+json"; boundary={BOUNDARY}',
        f'multipart/related; type="application/dicom+xml"; boundary={BOUNDARY}', "text/html", "x" * 5_000, ";;;=",
    ):  # fmt: skip
        yield Body(f"sent as {kind[:60]!r}", sound, 415, content_type=kind)
    related = 'multipart/related; type="application/dicom"'
    for rest in (
        "",
        "; boundary=",
        "; boundary=another",
        f"; boundary={'x' * 71}",
        '; boundary="a\tb"',
        "; boundary=--",
    ):
        yield Body(f"boundary {rest[:40]!r}", sound, content_type=related + rest)
    yield Body("of no type", sound, 200, kept=1, content_type=f"multipart/related; boundary={BOUNDARY}")
    signs = "'()+_,-./:=?* [x]"
    quoted = sound.replace(BOUNDARY.encode(), signs.encode())
    yield Body("a boundary of signs", quoted, 200, 1, content_type=f'{related}; boundary="{signs}"')


def _shapes() -> Iterator[Body]:
    sound, mark = body([dicom(), dicom()]), b"--" + BOUNDARY.encode()
    yield Body("nothing", b"", 415)  # and so no Content-Type
    yield Body("no part", mark + b"--\r\n")
    yield Body("only a boundary", mark)
    yield Body("only half a boundary", mark[:4])
    yield Body("noise", bytes(range(256)) * 10)
    yield Body("a long foreword", b"x" * (1 << 20) + b"\r\n" + sound)
    yield Body("a short foreword", b"This is a message in parts.\r\n" + sound, 200, 2)
    for name, before in {"a new line of one byte": b"\n", "a blank": b" ", "a line": b"In parts:\n"}.items():
        yield Body(f"{name} before the first boundary", before + sound)
    yield Body("a part behind the last boundary", body([dicom()]) + b"\r\n" + body([dicom()]), 202, 1, 1)
    yield Body("a part far behind the last boundary", body([dicom()]) + b"x" * 3_000_000 + b"\r\n" + sound, 202, 1, 1)
    yield Body("an afterword", sound + b"x" * 100_000, 200, 2)
    yield Body("no last boundary", sound[: sound.rindex(mark)], 202, 1, 1)
    yield Body("an end in a part", sound[: len(sound) // 2 + 300], 202, 1, 1)
    yield Body("an end in headers", part(dicom()) + mark + b"\r\nContent-", 202, 1, 1)
    yield Body("new lines of one byte", sound.replace(b"\r\n", b"\n"))
    yield Body("something behind a boundary", part(dicom()) + mark + b"x\r\n" + part(dicom()), 202, 1, 1)
    yield Body("blanks behind a boundary", sound.replace(mark + b"\r\n", mark + b" \t \r\n"), 200, 2)
    yield Body("blanks without end", mark + b" " * 70_000 + b"\r\n")
    yield Body("a boundary in a part's midst", body([dicom() + b" " + mark + b" and more"]), 200, 1)


def _parts() -> Iterator[Body]:
    scan = dicom()
    headers = {
        "without a type": b"",
        "of text": b"Content-Type: text/plain\r\n",
        "of a ZIP": b"Content-Type: application/zip\r\n",
        "of an odd type": b"Content-Type: application/dicom/x\r\n",
        "of no type at all": b"Content-Type:\r\n",
        "that is no header": b"hello\r\n",
    }
    for name, lines in headers.items():
        yield Body(f"a part {name}", part(scan, lines) + body([dicom()]), 202, 1, 1)
    yield Body(
        "a part with a name that climbs",
        part(dicom(), DICOM + b"Content-Location: ../../x\r\n") + body([dicom()]),
        200,
        2,
    )
    yield Body("a type in capitals", part(dicom(), DICOM.upper()) + body([dicom()]), 200, 2)
    syntax = b"Content-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1\r\n"
    yield Body("a type with a transfer syntax", part(dicom(), syntax) + body([dicom()]), 200, 2)
    yield Body("headers without end", part(dicom()) + part(dicom(), b"X: y\r\n" * 10_000) + body([]), 202, 1, 1)
    yield Body("one header without end", part(dicom()) + part(dicom(), b"X: " + b"y" * 70_000 + b"\r\n"), 202, 1, 1)
    for name, data in {
        "empty": b"",
        "noise": b"\xff" * 500,
        "a program": b"MZ" + b"\0" * 200,
        "cut": scan[:200],
    }.items():
        yield Body(f"a part that is {name}", body([data, dicom()]), 202, 1, 1)
        yield Body(f"nothing but a part that is {name}", body([data]), 409, 0, 1)
    inner = f"Content-Type: {RELATED}\r\n".encode()
    yield Body("a multipart in a part", part(body([dicom()]), inner), 409, 0, 1)
    yield Body("two of one file", body([scan, scan]), 200, 2)
