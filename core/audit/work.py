"""Seals recorded events into a hash chain and a Merkle tree, so that a later edit, deletion or reordering is found."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.audit import keys, outside, tree
from core.audit.alarms import raise_alarm
from core.audit.leaves import Texts, commitment, hash_of, texts
from core.audit.models import ChainHead, Event, LogKey, SignedHead, Tile
from core.audit.tree import LogTorn
from core.canonical import sha256_hex
from core.merkle import note
from core.merkle.tiles import Edge

log = structlog.get_logger(__name__)
CHAIN = "events"
#: sequence, digest, commitment, leaf, and the key of the event
Sealed = tuple[int, str, bytes, bytes, UUID]
#: An event that waits to be sealed keeps its salt for so long after it was to be destroyed.
SOON = timedelta(seconds=5)


def event_digest(previous: str, sequence: int, said: Texts) -> str:
    """SHA-256 over the previous digest and everything that the event says, as canonical JSON of a list."""
    return sha256_hex(f'["{previous}",{sequence},{",".join(said)}]')


def seal(limit: int = 1000) -> int:
    """Gives up to `limit` unsealed events their place in the log and signs its head; returns how many.

    Safe to run twice at once. Raises LogTorn, and signs nothing, where the log is not what was signed last.
    """
    head, _ = ChainHead.objects.get_or_create(name=CHAIN)
    events = list(Event.objects.filter(sequence=None).order_by("id")[:limit])
    if not events and head.sequence == _signed_size():
        return 0
    kept = outside.kept()
    with transaction.atomic():
        last, _ = end_of_log(kept)
        if not events and last is not None and head.sequence <= last.size:
            return 0
        # The row's old sequence is the token: of two sealers, one finds it moved and seals nothing.
        end = head.sequence + len(events)
        if not ChainHead.objects.filter(pk=head.pk, sequence=head.sequence).update(sequence=end):
            return 0
        digest, leaves = head.digest, list[bytes]()
        places = list[Sealed]()
        for sequence, event in enumerate(events, head.sequence + 1):
            said = texts(event)
            digest = event_digest(digest, sequence, said)
            committed = commitment(bytes(event.salt), said)
            leaf = hash_of(sequence, digest, committed)
            leaves.append(leaf)
            places.append((sequence, digest, committed, leaf, event.pk))
        _write(places)
        _grow(head.sequence, leaves)
        ChainHead.objects.filter(pk=head.pk).update(digest=digest)
    return len(events)


def seal_all() -> None:
    """For the sweep: a few batches, so that a busy hour does not pile up behind the timer."""
    for _ in range(10):
        try:
            if seal() < 1000:
                return
        except LogTorn as torn:
            raise_alarm(torn.alarm, "newest")
            log.error("nothing more is sealed", alarm=torn.alarm, found=str(torn))
            raise


def _write(places: list[Sealed]) -> None:
    """Writes the events' places by one statement for all of them; bulk_update would make a CASE for each."""
    key = Event._meta.pk
    rows: list[Any] = [(*place, key.get_db_prep_value(pk, connection)) for *place, pk in places]
    statement = "UPDATE audit_event SET sequence = %s, digest = %s, commitment = %s, leaf = %s WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _signed_size() -> int:
    return SignedHead.objects.order_by("-size").values_list("size", flat=True).first() or 0


def _grow(sealed: int, leaves: list[bytes]) -> None:
    """Appends the leaves to the tree and signs its new head, which is kept outside too once it is committed."""
    # Read once more, now that the chain is ours: another sealer may have signed what was behind.
    last, _ = last_head()
    size = last.size if last else 0
    edge = tree.edge(size)
    if last is not None and edge.root() != last.root:
        raise LogTorn("head")
    # Events that were sealed before there was a tree, or by a registry that had none.
    for earlier in _in_blocks(size, sealed):
        _keep(edge, earlier)
    _keep(edge, leaves)
    if edge.size == size:
        return
    root = edge.root()
    LogKey.objects.get_or_create(text=keys.public_key())
    made = SignedHead.objects.create(size=edge.size, root=root.hex(), note=keys.sign(edge.size, root))
    transaction.on_commit(lambda: outside.keep(made.note))


def end_of_log(kept: Iterable[note.Head]) -> tuple[note.Head | None, str]:
    """The head that was signed last, and its note, where the log may be gone on with; `kept`: outside.kept().

    The one question before anything is sealed, and of the check. Raises LogTorn where that head is not signed, where
    the chain does not reach it, or where it is not what is kept outside the database (OtherLog).
    """
    last, text = last_head()
    # The chain is read second: another sealer moves it before it signs.
    if last is not None and not ChainHead.objects.filter(name=CHAIN, sequence__gte=last.size).exists():
        raise LogTorn("shorter")
    outside.compare(kept, last, text)
    return last, text


def last_head() -> tuple[note.Head | None, str]:
    """The head that was signed last, as its signature says it (anybody could write the columns), and its note.

    None before the first. Raises LogTorn where it is not signed, or where heads were signed and none is left.
    """
    last = SignedHead.objects.order_by("-size").first()
    if last is None:
        if LogKey.objects.exists():
            raise LogTorn("no head")
        return None, ""
    try:
        signed = note.check(last.note, [keys.public_key(), *keys.public_keys()])
    except note.NoteError:
        raise LogTorn("signature") from None
    if (signed.size, signed.root.hex()) != (last.size, last.root):
        raise LogTorn("columns")
    return signed, last.note


def _keep(edge: Edge, leaves: list[bytes]) -> None:
    done = edge.add(leaves)
    Tile.objects.bulk_create(
        [Tile(level=tile.level, index=tile.index, hashes=tile.hashes, root=tile.root) for tile in done]
    )


def _in_blocks(start: int, end: int, block: int = 10_000) -> Iterator[list[bytes]]:
    for after in range(start, end, block):
        places = Event.objects.filter(sequence__gt=after, sequence__lte=min(end, after + block))
        yield [bytes(leaf or b"") for leaf in places.order_by("sequence").values_list("leaf", flat=True)]


def first_break(*, after: int = 0, upto: int | None = None) -> int | None:
    """The first sequence beyond `after` at which the sealed chain no longer holds, or None when all of it does."""
    # The head is read first: what is sealed while we look lies beyond it and breaks nothing.
    head = ChainHead.objects.filter(name=CHAIN).first() or ChainHead()
    before = Event.objects.filter(sequence=after).values_list("digest", flat=True).first()
    digest, last = before or "0" * 64, after
    end = head.sequence if upto is None else min(upto, head.sequence)
    for event in Event.objects.filter(sequence__gt=after, sequence__lte=end).order_by("sequence").iterator():
        said = texts(event)
        if event.sequence != last + 1 or event.digest != event_digest(digest, last + 1, said):
            return last + 1
        if not is_whole(event, said):
            return last + 1
        digest, last = event.digest, last + 1
    if last != end or (end == head.sequence and digest != head.digest):
        return last + 1
    return None


def is_whole(event: Event, said: Texts) -> bool:
    """Whether a sealed event's leaf is what its columns say, and its commitment, while it has its salt."""
    committed, salt = bytes(event.commitment), bytes(event.salt)
    if event.sequence is None or (salt and committed != commitment(salt, said)):
        return False
    return bytes(event.leaf or b"") == hash_of(event.sequence, event.digest, committed)


def forget(subject_id: UUID, *, keep: Iterable[str] = ()) -> datetime | None:
    """Destroys the salts of the events about someone or by them, but for the verbs to keep; log and proofs stay whole.

    Returns when to try again, where some of the events are not sealed yet.
    """
    about: QuerySet[Event] = QuerySet(Event).exclude(verb__in=list(keep))
    about = about.filter(Q(subject_id=subject_id) | Q(actor=f"user:{subject_id}"))
    about.filter(sequence__isnull=False).exclude(salt=b"").update(salt=b"")
    return timezone.now() + SOON if about.filter(sequence=None).exists() else None
