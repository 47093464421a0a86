"""Goes on with a log that is shorter or other than what was signed last: the day after a backup was played back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.actors import Actor
from core.audit import outside
from core.audit.models import ChainHead, Event
from core.audit.record import CODE, record
from core.audit.work import CHAIN, end_of_log, last_head
from core.errors import Conflict, Invalid

NOTHING = "The log in the database is the one that was signed last: there is nothing to resume."
NO_REASON = "Say why with --reason, in one word without spaces: for example backup-2026-11-26."


@dataclass(frozen=True)
class Gap:
    """What was signed and is not in the database: sizes, the kept head's hash, and the newest event that there is."""

    kept: int
    root: str
    size: int
    newest_at: datetime | None
    #: The database's own last head, with which it goes on.
    text: str
    own_root: str

    @property
    def lost(self) -> int:
        """How many sealed entries are missing at least."""
        return max(0, self.kept - self.size)


def gap() -> Gap:
    """How far the database is behind what is kept outside it.

    Of what is kept and cannot be read nothing is known but that. Raises Conflict where nothing is lost, LogTorn where
    the database's log is not whole in itself.
    """
    try:
        kept = outside.kept()
        end_of_log(kept)
    except outside.OtherLog as other:
        longest = None if other.args == (outside.UNREADABLE,) else max(kept, key=lambda head: head.size)
    else:
        raise Conflict(NOTHING, "nothing_lost")
    last, text = last_head()
    return Gap(
        kept=longest.size if longest else 0,
        root=longest.root.hex() if longest else "",
        size=last.size if last else 0,
        newest_at=Event.objects.order_by("-id").values_list("at", flat=True).first(),
        text=text,
        own_root=last.root.hex() if last else "",
    )


def resume(*, reason: str, by: Actor) -> Gap:
    """Takes the database's log as it is for the one to go on with, and enters what was lost and why in it.

    Raises Invalid without a reason (a code), Conflict where nothing is lost, LogTorn where the database's own head
    is not signed, Unavailable where a place outside cannot be written.
    """
    if not reason or not CODE.fullmatch(reason):
        raise Invalid(NO_REASON, "reason")
    found = gap()
    data = {"kept_size": found.kept, "kept_root": found.root, "size": found.size, "lost": found.lost, "reason": reason}
    with transaction.atomic():
        place, _ = ChainHead.objects.get_or_create(name=CHAIN)
        record("log.resumed", place, by=by, data=data | {"root": found.own_root})
        transaction.on_commit(lambda: outside.replace(found.text))
    return found
