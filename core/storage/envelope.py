"""Objects as they lie in a store that is not trusted to keep secrets: sealed in segments under a key of their own.

A header (MAGIC, then a salt), then segments of 64 KiB, each under AES-256-GCM (NIST SP 800-38D) with its number and
whether it is the last as the nonce, as in STREAM (Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015). The key of the
segments is made of the object's data key and the salt, so that two who write one object never use a nonce twice.
"""

import hmac
import secrets
from collections.abc import Iterator
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, BytesIO, RawIOBase
from typing import Any, BinaryIO, Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import Missing

MAGIC: Final = b"\x93DONARA\x01"
SALT: Final = 24
HEADER: Final = len(MAGIC) + SALT
#: Plain bytes in a segment, and what sealing adds to each.
SEGMENT: Final = 1 << 16
TAG: Final = 16
SEALED: Final = SEGMENT + TAG
#: The code of bytes that are not the ones that were written.
DAMAGED: Final = "integrity"


def damaged() -> Missing:
    """What a reader is told of bytes that are not the ones that were written."""
    return Missing("The stored bytes are not the ones that were written.", DAMAGED)


class Sealing:
    """A reader of the sealed form of what `source` holds; a segment or two are in memory at a time."""

    def __init__(self, source: Any, key: bytes, about: bytes) -> None:
        salt = secrets.token_bytes(SALT)
        self.source, self.about, self.cipher = source, about, _cipher(key, salt)
        self.ready, self.ahead, self.number = MAGIC + salt, b"", 0
        self.is_begun = self.is_done = False

    def read(self, amount: int = -1, /) -> bytes:
        """`amount` bytes, or fewer at the end; all that is left where it is negative."""
        parts, length = [self.ready], len(self.ready)
        while not self.is_done and (amount < 0 or length < amount):
            parts.append(self._next())
            length += len(parts[-1])
        # Put together once: a buffer that grows, and loses its beginning, is copied several times over.
        found = b"".join(parts)
        if amount < 0 or length <= amount:
            self.ready = b""
            return found
        self.ready = found[amount:]
        return found[:amount]

    def _next(self) -> bytes:
        segment = self.ahead if self.is_begun else _full(self.source, SEGMENT)
        self.ahead = _full(self.source, SEGMENT) if len(segment) == SEGMENT else b""
        self.is_begun, self.is_done = True, not self.ahead
        sealed = self.cipher.encrypt(_nonce(self.number, self.is_done), segment, self.about)
        self.number += 1
        return sealed


class _Opened(RawIOBase):
    """The plain bytes of a sealed stream; can be sought in where the stream can."""

    def __init__(self, stream: BinaryIO, key: bytes, about: bytes) -> None:
        self.stream, self.about = stream, about
        header = _full(stream, HEADER)
        if len(header) < HEADER or not header.startswith(MAGIC):
            raise damaged()
        self.cipher = _cipher(key, header[len(MAGIC) :])
        self.place, self.next, self.carry = 0, 0, b""
        self.held, self.data, self.is_last = -1, b"", False

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self.stream.seekable()

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        base = 0 if whence == SEEK_SET else self.place if whence == SEEK_CUR else self._size()
        if base + offset < 0:
            raise ValueError("there is nothing before the beginning")
        self.place = base + offset
        return self.place

    def tell(self) -> int:
        return self.place

    def readinto(self, buffer: Any, /) -> int:
        number, begin = divmod(self.place, SEGMENT)
        if not self._hold(number):
            return 0
        part = self.data[begin : begin + len(buffer)]
        buffer[: len(part)] = part
        self.place += len(part)
        return len(part)

    def readall(self) -> bytes:
        return b"".join(self._rest())

    def close(self) -> None:
        if not self.closed:
            self.stream.close()
        super().close()

    def _rest(self) -> Iterator[bytes]:
        number, begin = divmod(self.place, SEGMENT)
        while self._hold(number):
            part = self.data[begin:]
            self.place += len(part)
            yield part
            number, begin = number + 1, 0

    def _hold(self, number: int) -> bool:
        """Brings a segment into memory; False behind the last. Raises Missing where it does not open."""
        if number == self.held:
            return True
        if self.is_last and number > self.held:
            return False
        if number != self.next and not self._go_to(number):
            return False
        sealed = self.carry + _full(self.stream, SEALED + 1 - len(self.carry))
        self.carry, is_last = sealed[SEALED:], len(sealed) <= SEALED
        try:
            self.data = self.cipher.decrypt(_nonce(number, is_last), sealed[:SEALED], self.about)
        except (InvalidTag, ValueError):
            raise damaged() from None
        self.held, self.next, self.is_last = number, number + 1, is_last
        return True

    def _go_to(self, number: int) -> bool:
        """Turns the stream to a segment; False where it has none of that number."""
        if number * SEGMENT >= max(self._size(), 1):
            return False
        self.stream.seek(HEADER + number * SEALED)
        self.carry = b""
        return True

    def _size(self) -> int:
        """Plain bytes in all, by the length of the stream."""
        here = self.stream.tell()
        length = self.stream.seek(0, SEEK_END) - HEADER
        self.stream.seek(here)
        return max(length - -(-length // SEALED) * TAG, 0)


def opened(stream: BinaryIO, key: bytes, about: bytes) -> BinaryIO:
    """The plain bytes of a sealed stream, which is closed with it; what was changed raises Missing when it is reached.

    Sound bytes may have been read before that: only a reader who comes to the end knows that nothing was cut off.
    """
    return cast(BinaryIO, BufferedReader(_Opened(stream, key, about), buffer_size=SEGMENT))


def length_of_start(size: int) -> int:
    """How many bytes of the sealed form must be there to read the first `size` plain ones."""
    return HEADER + -(-size // SEGMENT) * SEALED + 1


def opened_start(sealed: bytes, size: int, key: bytes, about: bytes) -> bytes:
    """The first `size` plain bytes, of `length_of_start(size)` sealed ones or of all; raises Missing."""
    with opened(BytesIO(sealed), key, about) as stream:
        return stream.read(size)


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(hmac.digest(key, b"donara.segments.1" + salt, "sha256"))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _full(source: Any, amount: int) -> bytes:
    """`amount` bytes, or fewer at the end."""
    found = source.read(amount)
    if len(found) == amount or not found:
        return bytes(found)
    parts, left = [found], amount - len(found)
    while left and (part := source.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
