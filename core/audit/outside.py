"""What was signed last, kept outside the database too: who empties or replaces the log's tables does not reach it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import structlog
from django.conf import settings

from core.audit import keys, tree
from core.audit.tree import LogTorn
from core.errors import Unavailable
from core.files import write_whole
from core.merkle import note

log = structlog.get_logger(__name__)


UNREADABLE = "unreadable"


class OtherLog(LogTorn):
    """The database holds an older log than was signed last, or another one."""

    alarm = "outside"


class Place(Protocol):
    """Somewhere outside the database that holds one short text for good."""

    def read(self) -> str:
        """What it holds, or nothing where that was never written; raises Unavailable."""
        ...

    def write(self, text: str) -> None:
        """Holds this instead, whole and for good; raises Unavailable."""
        ...


class FilePlace:
    """A file under DONARA_VAR, replaced whole and flushed to disk."""

    @property
    def path(self) -> Path:
        return Path(settings.VAR) / "public-log" / "signed-last"

    def read(self) -> str:
        try:
            return self.path.read_text(errors="replace")  # what is no text is no head either, and is told as that
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise Unavailable(
                f"The log's last head cannot be read under DONARA_VAR ({type(error).__name__})."
            ) from None

    def write(self, text: str) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self.path, text)
        except OSError as error:
            raise Unavailable(
                f"The log's last head cannot be kept under DONARA_VAR ({type(error).__name__})."
            ) from None


FILE = FilePlace()
#: The object store adds itself where it is another machine's (core/storage/apps.py).
PLACES: list[Place] = [FILE]


def kept() -> list[note.Head]:
    """The heads that are kept, one for each place that holds one; read it before the database.

    A place that does not answer is left out while another holds a head; else raises Unavailable. Raises OtherLog
    for a text that is no head.
    """
    found, away = list[note.Head](), list[Unavailable]()
    for place in PLACES:
        try:
            text = place.read()
            if text:
                found.append(note.parse(text)[0])
        except Unavailable as error:
            away.append(error)
        except note.NoteError:
            raise OtherLog(UNREADABLE) from None
    if away and not found:
        raise away[0]
    return found


def compare(heads: Iterable[note.Head], last: note.Head | None, text: str = "") -> None:
    """Raises OtherLog unless the log that ends with `last` (its note: `text`) begins with that of each kept head.

    One that goes beyond them all has to be signed with the present key: others' keys could stand in the database.
    """
    heads = list(heads)
    for head in heads:
        if last is None or last.size < head.size:
            raise OtherLog("older")
        if (last.root if last.size == head.size else tree.head(head.size)) != head.root:
            raise OtherLog("other")
    if heads and last is not None and all(head.size < last.size for head in heads):
        try:
            note.check(text, [keys.public_key()])
        except note.NoteError:
            raise OtherLog("key") from None


def keep(text: str) -> None:
    """Keeps a signed head in every place, but for those that hold a longer one already; never stops a sealing."""
    size = note.parse(text)[0].size
    for place in PLACES:
        try:
            earlier = place.read()
            if not earlier or note.parse(earlier)[0].size < size:
                place.write(text)
        except (Unavailable, note.NoteError) as error:
            log.error("the signed head was not kept outside the database", error=type(error).__name__)


def replace(text: str) -> None:
    """Keeps this head, or none, whatever is kept now: only after a person has said so. Raises Unavailable."""
    for place in PLACES:
        place.write(text)
