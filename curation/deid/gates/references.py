"""Checks over the files of a study that what led to one of its objects before cleaning leads to that one after.

A new UID is made of the old one and a key, so that a file by itself cannot break a reference: it is broken where two
files disagree about what became of a UID. So of each file only that is kept: its UIDs, old and new, as short digests.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from ..results import Cleaned

#: What an object is and belongs to: SOP instance, study, series, frame of reference, and its synchronisation.
OWN = frozenset({0x00080018, 0x0020000D, 0x0020000E, 0x00200052, 0x00200200})
BROKEN = "reference_broken"
_DIGEST, _COUNT = 8, 4
Name = TypeVar("Name")


class Linked(NamedTuple):
    """A cleaned file by any name, whose it is, and its `links`."""

    subject: str
    links: bytes


def links_of(cleaned: "Cleaned") -> bytes:
    """What became of a file's UIDs, as digests: of those that name the object itself first, and of all others.

    The digests are no secret's: whoever holds an old UID finds it again, so they are kept as closely as the file.
    """
    own = {uid.encode() for uid in cleaned.own_uids}
    pairs = {pair for notes in cleaned.notes for pair in notes.uids.items() if pair[1]}
    mine = sorted(_record(*pair) for pair in pairs if pair[1] in own)
    others = sorted(_record(*pair) for pair in pairs if pair[1] not in own)
    return len(mine).to_bytes(_COUNT, "big") + b"".join([*mine, *others])


def broken(study: Callable[[], Iterable[tuple[Name, Linked]]]) -> list[Name]:
    """The files of a study that no longer lead to where they did, or are no longer what they were.

    `study` gives all files, in any order, each time that it is called: twice, so that none has to be held meanwhile.
    Where files disagree about an object's new UID, those are right that are more. References to what no file of the
    study is, or that were removed, are not asked about. Two subjects share nothing: what leads to the other's object
    is broken.
    """
    seen: dict[str, Counter[bytes]] = {}
    for _, (subject, links) in study():
        seen.setdefault(subject, Counter()).update(_records(links, own=True))
    objects = {subject: _Objects(own) for subject, own in seen.items()}
    return [name for name, file in study() if not _leads(file, objects)]


class _Objects:
    """The objects of one subject: the new UID of each by its old one, and the other way round."""

    def __init__(self, seen: Counter[bytes]) -> None:
        self.new: dict[bytes, bytes] = {}
        self.old: dict[bytes, bytes] = {}
        for record in sorted(seen, key=lambda each: (-seen[each], each)):
            old, new = record[:_DIGEST], record[_DIGEST:]
            self.new.setdefault(old, new)
            self.old.setdefault(new, old)


def _leads(file: Linked, objects: dict[str, _Objects]) -> bool:
    mine = objects[file.subject]
    for record in _records(file.links):
        old, new = record[:_DIGEST], record[_DIGEST:]
        if old in mine.new or new in mine.old:
            if mine.new.get(old) != new or mine.old.get(new) != old:
                return False
        elif any(old in other.new for other in objects.values()):
            return False
    return True


@lru_cache(maxsize=4096)
def _record(old: bytes, new: bytes) -> bytes:
    return b"".join(blake2b(uid, digest_size=_DIGEST).digest() for uid in (old, new))


def _records(links: bytes, own: bool = False) -> Iterator[bytes]:
    """The records of a file; or only those of what names the object itself."""
    size = 2 * _DIGEST
    stop = _COUNT + size * int.from_bytes(links[:_COUNT], "big") if own else len(links)
    return (links[at : at + size] for at in range(_COUNT, stop, size))
