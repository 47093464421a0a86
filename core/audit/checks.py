"""Looks whether the log still holds: a piece of it every minute, all of it by command, a receipt whenever seen."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection, transaction

from core.append_only import WATCHED, stands
from core.audit import outside, tree
from core.audit.alarms import clear, raise_alarm
from core.audit.keys import public_keys
from core.audit.leaves import texts
from core.audit.models import ChainHead, Event, LogAlarm, SignedHead, Tile
from core.audit.tree import LogTorn
from core.audit.work import end_of_log, first_break, is_whole
from core.errors import Unavailable
from core.merkle import note
from core.merkle.checking import consistent, included
from core.merkle.tiles import WIDTH, Edge

PIECE = 512
CHECKED = "checked"
#: Alarms under which nothing is sealed.
STOPPING = ("away", "head", "outside")


def kept_head(text: str) -> str | None:
    """Whether the log of today begins with that of a head which somebody kept: None, or the alarm's code.

    It is computed as the holder could: by a consistency proof between the two signed heads.
    """
    newest = SignedHead.objects.order_by("-size").first()
    try:
        kept = note.check(text, public_keys())
        now = note.check(newest.note if newest else "", public_keys())
    except note.NoteError:
        return "signature"
    try:
        proof = tree.consistency(kept.size, now.size)
    except (LogTorn, ValueError):
        return "fork"
    return None if consistent(kept.size, now.size, kept.root, now.root, proof) else "fork"


def kept_event(event_id: UUID) -> str | None:
    """Whether an event is still in the log as it was sealed: None, or the alarm's code."""
    newest = SignedHead.objects.order_by("-size").first()
    event = Event.objects.filter(pk=event_id).first()
    if newest is None or event is None or event.sequence is None or not is_whole(event, texts(event)):
        return "receipt"
    try:
        proof = tree.inclusion(event.sequence - 1, newest.size)
    except (LogTorn, ValueError):
        return "receipt"
    leaf, root = bytes(event.leaf or b""), bytes.fromhex(newest.root)
    return None if included(leaf, event.sequence - 1, newest.size, proof, root) else "receipt"


def look() -> None:
    """For the sweep: guards, head, and the next piece of the log; what is found alarms, what holds again clears."""
    for guard in WATCHED.values():
        _tell("guard", guard.table, stands(guard, connection))
    newest = SignedHead.objects.order_by("-size").first()
    why = why_stopped() or ("" if newest is None or head_holds(newest) else "head")
    if why:
        raise_alarm(why, "newest")
    for code in STOPPING if not why else ():
        clear(code, "newest")
    if newest is None:
        return
    if not why:
        # Whoever signed it may have been killed before it was kept.
        transaction.on_commit(lambda: outside.keep(newest.note))
    for alarm in LogAlarm.objects.filter(code="event", cleared_at=None):
        place = int(alarm.subject)
        _tell("event", place, first_break(after=place - 1, upto=place) is None)
    _look_at_piece(newest.size)


def why_stopped() -> str:
    """The alarm of why the sealer does not go on now, one of STOPPING, or nothing."""
    try:
        end_of_log(outside.kept())
    except Unavailable:
        return "away"
    except LogTorn as torn:
        return torn.alarm
    return ""


def head_holds(head: SignedHead) -> bool:
    """Whether the tree of today leads to a head that was signed."""
    try:
        return tree.head(head.size).hex() == head.root and note.check(head.note, public_keys()).root.hex() == head.root
    except (LogTorn, note.NoteError):
        return False


def _look_at_piece(size: int) -> None:
    cursor, _ = ChainHead.objects.get_or_create(name=CHECKED)
    start = cursor.sequence if cursor.sequence < size else 0
    end = min(start + PIECE, size)
    broken = first_break(after=start, upto=end)
    if broken is not None:
        raise_alarm("event", broken)
        end = broken
    for place in range(start // WIDTH, end // WIDTH):
        _tell("tile", place, tile_holds(place))
    ChainHead.objects.filter(pk=cursor.pk).update(sequence=end)


def tile_holds(index: int) -> bool:
    """Whether a tile of leaves holds the leaves of its events."""
    tile = Tile.objects.filter(level=0, index=index).first()
    events = Event.objects.filter(sequence__gt=index * WIDTH, sequence__lte=(index + 1) * WIDTH).order_by("sequence")
    leaves = [bytes(leaf or b"") for leaf in events.values_list("leaf", flat=True)]
    return tile is not None and bytes(tile.hashes) == b"".join(leaves) and _root(leaves) == bytes(tile.root)


def heads_that_do_not_hold() -> Iterator[int]:
    """The sizes of all signed heads that the leaves, hashed once more from the first, do not lead to."""
    edge = Edge()
    for head in SignedHead.objects.order_by("size").iterator():
        while edge.size < head.size:
            upto = min(head.size, edge.size + 10_000)
            leaves = Event.objects.filter(sequence__gt=edge.size, sequence__lte=upto).order_by("sequence")
            found = [bytes(leaf or b"") for leaf in leaves.values_list("leaf", flat=True)]
            if len(found) != upto - edge.size:
                yield head.size
                return
            edge.add(found)
        if edge.root().hex() != head.root or not head_holds(head):
            yield head.size


def _root(leaves: list[bytes]) -> bytes:
    edge = Edge()
    edge.add(leaves)
    return edge.root()


def _tell(code: str, subject: object, holds: bool) -> None:
    if holds:
        clear(code, subject)
    else:
        raise_alarm(code, subject)
