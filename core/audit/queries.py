"""What may be read of the audit trail and of the public log that seals it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.audit import keys, leaves, tree, verify, witnesses
from core.audit.alarms import WORDS
from core.audit.models import ChainHead, Event, LogAlarm, SignedHead, Witness
from core.audit.work import CHAIN, first_break
from core.errors import Invalid, Missing
from core.merkle.cosignature import Seen
from core.texts import gettext_noop as _

NO_HEAD = "The log has no signed head of this size. The list of its newest heads is on the page of the log."
NO_LEAF = "The log of this size holds no such leaf."
WRONG_SIZES = "Name two sizes that the log has had, the smaller one first."


def events_of(programmes: Iterable[UUID]) -> QuerySet[Event]:
    """The events of these programmes, newest first."""
    return Event.objects.filter(programme_id__in=list(programmes)).order_by("-id")


def events_about(subject_ids: Iterable[UUID]) -> QuerySet[Event]:
    """The events about these things, oldest first."""
    return Event.objects.filter(subject_id__in=list(subject_ids)).order_by("id")


@dataclass(frozen=True)
class ChainState:
    """How far the chain is sealed, and the sequence at which it breaks (None when it holds)."""

    sealed: int
    digest: str
    broken_at: int | None


def chain_state(latest: int = 2000) -> ChainState:
    """Checks the newest `latest` sealed events against each other; `manage.py verify_audit` checks all of them."""
    head = ChainHead.objects.filter(name=CHAIN).first()
    if head is None:
        return ChainState(0, "", None)
    return ChainState(head.sequence, head.digest, first_break(after=max(0, head.sequence - latest)))


def newest_head() -> SignedHead | None:
    """The head that was signed last."""
    return SignedHead.objects.order_by("-size").first()


def newest_heads(most: int = 10) -> QuerySet[SignedHead]:
    """The heads that were signed last, newest first."""
    return SignedHead.objects.order_by("-size")[:most]


def head_of_size(size: int) -> SignedHead:
    """The signed head of this size; raises Missing."""
    found = SignedHead.objects.filter(size=size).first()
    if found is None:
        raise Missing(NO_HEAD)
    return found


def first_head_with(event_id: UUID) -> SignedHead | None:
    """The first head that was signed with this event in the log, or None while it waits to be sealed."""
    sequence = Event.objects.filter(pk=event_id).values_list("sequence", flat=True).first()
    return SignedHead.objects.filter(size__gte=sequence).order_by("size").first() if sequence is not None else None


def head_as_json(head: SignedHead) -> dict[str, Any]:
    """A head for programs. The note is what was signed, by witnesses too; the rest repeats it."""
    return {"type": "signed head", "size": head.size, "root": head.root, "note": cosigned_note(head)}


def cosigned_note(head: SignedHead) -> str:
    """A head's note with the signatures of the witnesses that have seen it, where they verify."""
    return head.note + "".join(f"{seen.line}\n" for seen in witnesses.cosignatures(head))


def witnessed() -> list[tuple[SignedHead, Seen]]:
    """The newest head that each witness has signed, and its signature, newest first."""
    sizes = Witness.objects.exclude(cosigned="").values_list("size", flat=True)
    heads = SignedHead.objects.filter(size__in=set(sizes)).order_by("-size")
    return [(head, seen) for head in heads for seen in witnesses.cosignatures(head)]


def consistency_proof(first: int, second: int) -> dict[str, Any]:
    """That the log of the second size begins with that of the first; raises Invalid for sizes that it never had."""
    newest = newest_head()
    if newest is None or not 0 <= first <= second <= newest.size:
        raise Invalid(WRONG_SIZES, "sizes")
    proof = [part.hex() for part in tree.consistency(first, second)]
    return {"type": "consistency proof", "first": first, "second": second, "consistency": proof}


def inclusion_proof(leaf: bytes, size: int | None = None) -> dict[str, Any]:
    """That a leaf is in the log; for whoever holds its hash. Raises Missing."""
    head = newest_head() if size is None else head_of_size(size)
    place = Event.objects.filter(leaf=leaf).values_list("sequence", flat=True).first()
    if head is None or place is None or place > head.size:
        raise Missing(NO_LEAF)
    proof = [part.hex() for part in tree.inclusion(place - 1, head.size)]
    return {"type": "inclusion proof", "index": place - 1, "inclusion": proof, "head": head_as_json(head)}


def entry(event_id: UUID, head: SignedHead) -> dict[str, Any]:
    """What a receipt carries of an event: the event, its salt, its leaf, and proofs up to that head and from it.

    Where the salt was destroyed with a person, the event is left out: nobody can show any more that it is the leaf's.
    """
    event = Event.objects.get(pk=event_id)
    place, newest, committed = event.sequence or 0, newest_head() or head, bytes(event.commitment)
    return {
        "event": leaves.told(event) if event.salt else None,
        "salt": bytes(event.salt).hex() or None,
        "leaf": leaves.leaf(place, event.digest, committed),
        "leaf_hash": bytes(event.leaf or b"").hex(),
        "inclusion": [part.hex() for part in tree.inclusion(place - 1, head.size)],
        "head": head_as_json(head),
        "newest": {
            "head": head_as_json(newest),
            "consistency": [part.hex() for part in tree.consistency(head.size, newest.size)],
        },
    }


def published_keys() -> list[str]:
    """Every public key that heads were signed with, oldest first; the present one where nothing was signed yet."""
    return keys.public_keys() or [keys.public_key()]


def verifier() -> bytes:
    """The stand-alone checking program, as it is offered for download."""
    return Path(verify.__file__).read_bytes()


def open_alarms() -> list[tuple[LogAlarm, str]]:
    """What does not hold at the moment, in words, oldest first."""
    found = LogAlarm.objects.filter(cleared_at=None).order_by("found_at")
    return [(alarm, WORDS.get(alarm.code, _("The log does not hold."))) for alarm in found]


def failing_witnesses() -> list[Witness]:
    """Outside witnesses that do not take the log's heads at the moment."""
    return witnesses.failing()
