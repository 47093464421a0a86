"""Reads a multipart body (RFC 2046 section 5.1) part by part, in pieces: however large it is, little of it is held."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from typing import BinaryIO, Final

from core.texts import gettext_noop as _

PIECE: Final = 1 << 20
MOST_PARTS: Final = 10_000
MOST_HEADERS: Final = 16 << 10
MOST_BOUNDARY: Final = 70
_MOST_PREAMBLE: Final = 64 << 10
_PADDING: Final = 256


class RelatedError(Exception):
    """The body is no such message, from here on; `sentence` says what is wrong with it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


NO_PARTS: Final = _("This body does not begin with the boundary that its Content-Type names.")
_BOUNDARY: Final = _("The Content-Type must name a boundary of 1 to 70 letters, digits and signs.")
_BROKEN: Final = _("The body ends before its last boundary: a part of it is missing.")
_AFTER: Final = _("A boundary in the body is followed by something else than a new line.")
_BEHIND: Final = _("Parts stand behind the boundary that says it is the last. They were not taken.")
_HEADERS: Final = _("The headers of a part are too long or do not end.")
_MANY: Final = _("This body has too many parts. Send it in several requests.")


@dataclass(frozen=True)
class Part:
    """One part: its media type without parameters, and its bytes, which may be read once, before the next part is."""

    media_type: str
    pieces: Iterator[bytes]


def parts_of(stream: BinaryIO, boundary: str) -> Iterator[Part]:
    """The parts in order; what was left unread of one is passed over. Raises RelatedError where the body goes wrong.

    RFC 2046 would have what stands before the first boundary and behind the last one passed over. Where parts stand
    there, somebody's images would be passed over with them, so it is an error.
    """
    if not 1 <= len(boundary) <= MOST_BOUNDARY or not boundary.isascii() or not boundary.isprintable():
        raise RelatedError(_BOUNDARY)
    body = _Body(stream, boundary.encode())
    preamble = b"".join(body.to_boundary(most=_MOST_PREAMBLE))
    # One that stands in it was not meant as a word of it: its line began otherwise, and its part would be lost.
    if len(preamble) > _MOST_PREAMBLE or b"--" + boundary.encode() in preamble:
        raise RelatedError(NO_PARTS)
    for number in range(MOST_PARTS + 1):
        if body.is_last():
            return body.end()
        if number == MOST_PARTS:
            raise RelatedError(_MANY)
        media_type = body.media_type()
        pieces = body.to_boundary()
        yield Part(media_type, pieces)
        for _piece in pieces:
            pass


class _Body:
    """The bytes that were read and not yet given out. A line's end before a boundary belongs to the boundary."""

    def __init__(self, stream: BinaryIO, boundary: bytes) -> None:
        self.stream, self.mark = stream, b"\r\n--" + boundary
        self.held, self.is_over = b"\r\n", False  # so that a boundary at the very beginning is one as well

    def to_boundary(self, *, most: int | None = None) -> Iterator[bytes]:
        """What comes before the next boundary, and then stands behind it; gives up once `most` bytes are passed."""
        given = 0
        while (at := self.held.find(self.mark)) < 0:
            if most is not None and given > most:
                return
            keep = len(self.mark) - 1
            if len(self.held) > keep:
                piece, self.held = self.held[:-keep], self.held[-keep:]
                given += len(piece)
                yield piece
            self._more(_BROKEN if most is None else NO_PARTS)
        piece, self.held = self.held[:at], self.held[at + len(self.mark) :]
        if piece:
            yield piece

    def is_last(self) -> bool:
        """Whether the boundary was the last one; otherwise stands at the headers of the next part."""
        self._hold(2)
        if self.held.startswith(b"--"):
            return True
        line = self._line(_PADDING, _AFTER)
        if line.strip(b" \t"):
            raise RelatedError(_AFTER)
        return False

    def end(self) -> None:
        """Reads what stands behind the last boundary; raises RelatedError where there are parts in it."""
        while True:
            if self.mark in self.held:
                raise RelatedError(_BEHIND)
            self.held = self.held[-len(self.mark) :]
            try:
                self._more(_BROKEN)
            except RelatedError:
                return

    def media_type(self) -> str:
        """Reads a part's headers; its media type in small letters, text/plain where none is named."""
        lines, size = [], 0
        while line := self._line(MOST_HEADERS - size, _HEADERS):
            lines.append(line)
            size += len(line) + 2
        headers = BytesHeaderParser().parsebytes(b"\r\n".join(lines) + b"\r\n\r\n", headersonly=True)
        return headers.get_content_type().lower()

    def _line(self, most: int, wrong: str) -> bytes:
        while (end := self.held.find(b"\r\n")) < 0:
            if len(self.held) > most:
                raise RelatedError(wrong)
            self._more(_BROKEN)
        if end > most:
            raise RelatedError(wrong)
        line, self.held = self.held[:end], self.held[end + 2 :]
        return line

    def _hold(self, size: int) -> None:
        while len(self.held) < size:
            self._more(_BROKEN)

    def _more(self, wrong: str) -> None:
        piece = self.stream.read(PIECE)
        if not piece:
            raise RelatedError(wrong)
        self.held += piece
