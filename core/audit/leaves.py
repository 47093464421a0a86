"""What the log holds of an event: a commitment under the event's own salt, and no word of the event itself."""

import hmac
from json.encoder import encode_basestring as quoted
from typing import Any

from core.audit.models import Event
from core.merkle.hashing import leaf_hash

KIND = "donara.event.v1"
#: id, programme, at, actor, verb, subject_type, subject, data
Texts = tuple[str, str, str, str, str, str, str, str]


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


def texts(event: Event) -> Texts:
    """What an event says, each part as JSON: written once, for the chain and for the commitment."""
    return (
        f'"{event.id}"',
        f'"{event.programme_id}"',
        f'"{event.at.isoformat()}"',
        quoted(event.actor),
        quoted(event.verb),
        quoted(event.subject_type),
        f'"{event.subject_id}"',
        quoted(event.data),
    )


def commitment(salt: bytes, said: Texts) -> bytes:
    """HMAC-SHA-256, under the event's salt, of the canonical JSON of `told`; written out, as all events pass here."""
    key, programme, at, actor, verb, kind, subject, data = said
    text = (
        f'{{"actor":{actor},"at":{at},"data":{data},"id":{key},"programme":{programme},'
        f'"subject":{subject},"subject_type":{kind},"verb":{verb}}}'
    )
    return hmac.digest(salt, text.encode(), "sha256")


def leaf(sequence: int, chain: str, committed: bytes) -> dict[str, Any]:
    """The leaf: its place, the chain's digest up to it, and the commitment. Nothing of it is personal."""
    return {"chain": chain, "commitment": committed.hex(), "index": sequence - 1, "type": KIND}


def hash_of(sequence: int, chain: str, committed: bytes) -> bytes:
    """The hash of the leaf's canonical JSON, written out as well."""
    text = f'{{"chain":"{chain}","commitment":"{committed.hex()}","index":{sequence - 1},"type":"{KIND}"}}'
    return leaf_hash(text.encode())
