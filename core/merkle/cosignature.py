"""Witnesses' signatures of a log's head, with the time at which each saw it (C2SP tlog-cosignature, version 1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from core.merkle import note

#: The signature type of cosignatures over Ed25519 in signed notes.
KIND = b"\x04"
TIME, SIGNATURE = 8, 64


@dataclass(frozen=True)
class Seen:
    """Which witness has seen a head, and when by its own clock; `line` is its signature as it stands in a note."""

    name: str
    at: datetime
    line: str


def message(head: note.Head, at: int) -> bytes:
    """What a witness signs: the time in seconds since 1970, and the head."""
    return f"cosignature/v1\ntime {at}\n{head.text()}".encode()


def check(head: note.Head, lines: Iterable[str], keys: Iterable[str]) -> list[Seen]:
    """Who of the witnesses with these keys has signed the head; lines by other keys are left out.

    Raises NoteError for a line that cannot be read, and for one by a known key that does not verify.
    """
    known = {(name, note.key_id(name, public, KIND)): public for name, public in map(parse_key, keys)}
    found = []
    for line in lines:
        name, number, blob = note.parse_signature(line)
        public = known.get((name, number))
        if public is None:
            continue
        at, signature = int.from_bytes(blob[:TIME], "big"), blob[TIME:]
        if len(signature) != SIGNATURE:
            raise note.NoteError("this is no cosignature")
        note.verify(public, signature, message(head, at))
        found.append(Seen(name, _moment(at), line))
    return found


def parse_key(text: str) -> tuple[str, bytes]:
    """Name and key of a witness's public key, written as one line; raises NoteError."""
    return note.parse_public(text, KIND)


def _moment(at: int) -> datetime:
    try:
        return datetime.fromtimestamp(at, UTC)
    except (OverflowError, ValueError, OSError):
        raise note.NoteError("this is no time") from None
