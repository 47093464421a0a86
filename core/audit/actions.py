"""Goes on with a log that is shorter or other than what was signed last: the day after a backup was played back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.actors import Actor
from core.audit import outside
from core.audit.models import ChainHead, Event
from core.audit.record import CODE, record
from core.audit.work import CHAIN, last_head
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

    @property
    def lost(self) -> int:
        """How many sealed entries are missing at least."""
        return max(0, self.kept - self.size)


def gap() -> Gap:
    """How far the database is behind what is kept outside it; raises Conflict where nothing is lost, and LogTorn."""
    kept = outside.kept()
    last, text = last_head()
    try:
        outside.compare(kept, last, text)
    except outside.OtherLog:
        longest = max(kept, key=lambda head: head.size)
        newest = Event.objects.order_by("-id").values_list("at", flat=True).first()
        return Gap(longest.size, longest.root.hex(), last.size if last else 0, newest)
    raise Conflict(NOTHING, "nothing_lost")


@transaction.atomic
def resume(*, reason: str, by: Actor) -> Gap:
    """Takes the database's log as it is for the one to go on with, and enters what was lost and why in it.

    Raises Invalid without a reason (a code), Conflict where nothing is lost, LogTorn where the database's own head
    is not signed, Unavailable where a place outside cannot be written.
    """
    if not reason or not CODE.fullmatch(reason):
        raise Invalid(NO_REASON, "reason")
    found = gap()
    last, text = last_head()
    place, _ = ChainHead.objects.get_or_create(name=CHAIN)
    data = {"kept_size": found.kept, "kept_root": found.root, "size": found.size, "lost": found.lost, "reason": reason}
    data["root"] = last.root.hex() if last else ""
    record("log.resumed", place, by=by, data=data)
    transaction.on_commit(lambda: outside.replace(text))
    return found
