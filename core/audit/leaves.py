"""What the log holds of an event: a commitment under the event's own salt, and no word of the event itself."""

import hmac
from typing import Any

from core.audit.models import Event
from core.canonical import canonical_json
from core.merkle.hashing import leaf_hash

KIND = "donara.event.v1"


def told(event: Event) -> dict[str, Any]:
    """Everything that an event says, as whoever is given its salt reads it."""
    return {
        "id": str(event.id),
        "programme": str(event.programme_id),
        "at": event.at.isoformat(),
        "actor": event.actor,
        "verb": event.verb,
        "subject_type": event.subject_type,
        "subject": str(event.subject_id),
        "data": event.data,
    }


def commitment(event: Event) -> bytes:
    """HMAC-SHA-256 of what the event says, under its salt."""
    return hmac.digest(bytes(event.salt), canonical_json(told(event)).encode(), "sha256")


def leaf(sequence: int, chain: str, committed: bytes) -> dict[str, Any]:
    """The leaf: its place, the chain's digest up to it, and the commitment. Nothing of it is personal."""
    return {"chain": chain, "commitment": committed.hex(), "index": sequence - 1, "type": KIND}


def hash_of(sequence: int, chain: str, committed: bytes) -> bytes:
    """The hash of the leaf's canonical JSON; written out by hand, since every event of the registry passes here."""
    text = f'{{"chain":"{chain}","commitment":"{committed.hex()}","index":{sequence - 1},"type":"{KIND}"}}'
    return leaf_hash(text.encode())
