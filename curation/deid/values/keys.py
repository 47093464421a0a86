"""Secret keys: one per donor in one domain, and what is derived from them; never shown by repr, str or pickle."""

import hmac
from hashlib import sha256
from typing import NoReturn

KEY_BYTES = 32
# Of HMAC-SHA-256: bytes of a block, and what each byte of a key becomes for either of the two digests.
_BLOCK = 64
_INNER, _OUTER = bytes(byte ^ 0x36 for byte in range(256)), bytes(byte ^ 0x5C for byte in range(256))


class SubjectKey(bytes):
    """The key for one donor in one key domain: 32 bytes or more that no representation shows.

    Raises ValueError when the material is shorter than 32 bytes.
    """

    __slots__ = ()

    def __new__(cls, material: bytes) -> "SubjectKey":
        """Wraps key material that has been derived already."""
        if len(material) < KEY_BYTES:
            raise ValueError(f"A key needs at least {KEY_BYTES} bytes.")
        return super().__new__(cls, material)

    def __repr__(self) -> str:
        return "SubjectKey(hidden)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        """Refuses to be pickled, so that a key cannot travel in a task's arguments."""
        raise TypeError("A subject key is never pickled.")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuses to be pickled under every protocol."""
        self.__reduce__()


def framed(*parts: bytes) -> bytes:
    """The parts joined, each after its length in four bytes, so that no two lists of parts read the same."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def keyed(key: bytes, kind: str, value: bytes = b"") -> int:
    """HMAC-SHA-256 of (kind, value) as a 256-bit number."""
    return int.from_bytes(authenticated(key, framed(kind.encode(), value)), "big")


def authenticated(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256 by its definition (RFC 2104); OpenSSL's own takes three times as long for a short message."""
    block = (key if len(key) <= _BLOCK else sha256(key).digest()).ljust(_BLOCK, b"\0")
    return sha256(block.translate(_OUTER) + sha256(block.translate(_INNER) + message).digest()).digest()


def derive_subject_key(domain_key: bytes, subject: str) -> SubjectKey:
    """The key of one subject under a domain's key; the same two inputs give the same key everywhere.

    Raises ValueError when the domain's key is shorter than 32 bytes or the subject is empty.
    """
    if len(domain_key) < KEY_BYTES:
        raise ValueError(f"A domain key needs at least {KEY_BYTES} bytes.")
    if not subject:
        raise ValueError("A subject needs a name to derive its key from.")
    return SubjectKey(hmac.digest(domain_key, framed(b"donara.subject.1", subject.encode()), "sha256"))


def derive_group_key(domain_key: bytes) -> SubjectKey:
    """The key under which all donors of a domain share the dummies of sites and devices.

    Whoever holds it can test guesses of a hospital's name, and learn nothing about any person. Raises ValueError when
    the domain's key is shorter than 32 bytes.
    """
    if len(domain_key) < KEY_BYTES:
        raise ValueError(f"A domain key needs at least {KEY_BYTES} bytes.")
    return SubjectKey(hmac.digest(domain_key, framed(b"donara.groups.1"), "sha256"))
