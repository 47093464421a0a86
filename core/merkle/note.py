"""Signed heads as text: C2SP's tlog-checkpoint in a signed note, which witnesses of other logs read too."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

#: The signature type of Ed25519 in signed notes.
ED25519 = b"\x01"
NAME = re.compile(r"[^\s+]{1,200}")
SIGNATURE_LINE = re.compile("\u2014 ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})")


class NoteError(ValueError):
    """A note, a key or a signature that is not what it should be."""


@dataclass(frozen=True)
class Head:
    """What a signed head says: the log's name, its size and its hash."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def key_id(name: str, public: bytes, kind: bytes = ED25519) -> bytes:
    """Four bytes that say which key a signature is by, and of which type."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def public_text(name: str, public: bytes, kind: bytes = ED25519) -> str:
    """A public key as one line: its log's name, its id, and the key itself."""
    return f"{name}+{key_id(name, public, kind).hex()}+{base64.b64encode(kind + public).decode()}"


def parse_public(text: str, kind: bytes = ED25519) -> tuple[str, bytes]:
    """Name and key of such a line; raises NoteError."""
    name, _, rest = text.strip().partition("+")
    number, _, encoded = rest.partition("+")
    blob = _decoded(encoded)
    public = blob[1:]
    number_is_right = number == key_id(name, public, kind).hex()
    if not NAME.fullmatch(name) or blob[:1] != kind or len(public) != 32 or not number_is_right:
        raise NoteError("this is no Ed25519 key of a log, or of a witness")
    return name, public


def sign(head: Head, key: Ed25519PrivateKey) -> str:
    """The head with its signature."""
    public = key.public_key().public_bytes_raw()
    signed = key_id(head.origin, public) + key.sign(head.text().encode())
    return f"{head.text()}\n\u2014 {head.origin} {base64.b64encode(signed).decode()}\n"


def parse(note: str) -> tuple[Head, list[tuple[str, bytes, bytes]]]:
    """The head in a note, and its signatures as (name, key id, signature), not checked; raises NoteError."""
    text, gap, lines = note.partition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise NoteError("this is no signed note")
    found = [parse_signature(line) for line in lines[:-1].split("\n")]
    return _head(text + "\n"), found


def check(note: str, public_keys: list[str]) -> Head:
    """The head in a note that one of these keys has signed; raises NoteError."""
    head, signatures = parse(note)
    for name, public in (parse_public(each) for each in public_keys):
        for signer, number, signature in signatures:
            if (signer, number) == (name, key_id(name, public)) and name == head.origin:
                verify(public, signature, head.text().encode())
                return head
    raise NoteError("none of the known keys has signed this")


def _head(text: str) -> Head:
    lines = text.split("\n")
    if len(lines) != 4 or not NAME.fullmatch(lines[0]) or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
        raise NoteError("this is no head of a log")
    head = Head(lines[0], int(lines[1]), _decoded(lines[2]))
    if len(head.root) != 32 or head.text() != text:
        raise NoteError("this is no head of a log")
    return head


def parse_signature(line: str) -> tuple[str, bytes, bytes]:
    """Name, key id and signature of a signature's line, not checked; raises NoteError."""
    found = SIGNATURE_LINE.fullmatch(line)
    if found is None:
        raise NoteError("this is no signature line")
    blob = _decoded(found[2])
    return found[1], blob[:4], blob[4:]


def _decoded(text: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("this is not base64") from None
    if base64.b64encode(found).decode() != text:
        raise NoteError("this is base64 with bits that mean nothing")
    return found


def verify(public: bytes, signature: bytes, text: bytes) -> None:
    """Raises NoteError unless the key has signed the text."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except InvalidSignature:
        raise NoteError("the signature is not by this key") from None
