"""Reads references by where they stand in a file before and after cleaning: a second opinion on the engine's own."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from curation.deid.files.tree import Dataset
from curation.deid.values.pseudonyms import is_registered

# What an object is and belongs to: SOP instance, study, series, frame of reference, and its synchronisation.
OWN = frozenset({0x00080018, 0x0020000D, 0x0020000E, 0x00200052, 0x00200200})


class Uid(NamedTuple):
    """One UID of a file: where it stands (tags and item numbers, from the root; last the place among the values)."""

    path: tuple[int, ...]
    uid: bytes


class Broken(NamedTuple):
    """A reference that no longer leads where it did: the file's place in the list, and where in the file it stands.

    `gone`: nothing stands there any more, as where a rule removed it; else it points to something else.
    """

    file: int
    path: tuple[int, ...]
    gone: bool


def uids_of(dataset: Dataset) -> list[Uid]:
    """Every UID of a data set at every depth, but for those that the standard registers."""
    return list(_walk(dataset, ()))


def _walk(dataset: Dataset, outer: tuple[int, ...]) -> Iterator[Uid]:
    for element in dataset:
        if element.items is not None:
            for number, item in enumerate(element.items):
                yield from _walk(item, (*outer, element.tag, number))
        elif element.vr == "UI":
            for number, uid in enumerate(element.values()):
                if uid and not is_registered(uid):
                    yield Uid((*outer, element.tag, number), uid)


def check_references(before: Sequence[Iterable[Uid]], after: Sequence[Iterable[Uid] | None]) -> list[Broken]:
    """The references that pointed to an object of the set before and do not point to the same object after.

    Both list the same files in the same order, each with its UIDs; None stands after for a file that was held back,
    whose references are not asked for. A UID names an object when one of the files has it as its own (OWN, at the
    root); two files' own UIDs that were one before must be one after. Raises ValueError when the lists differ in
    length.
    """
    kept = [(at, dict(old), dict(new)) for at, (old, new) in _pairs(before, after)]
    meant: dict[bytes, bytes] = {}
    broken = []
    for at, old, new in kept:
        for path, uid in old.items():
            if _is_own(path) and path in new and meant.setdefault(uid, new[path]) != new[path]:
                broken.append(Broken(at, path, gone=False))
    for at, old, new in kept:
        for path, uid in old.items():
            if not _is_own(path) and uid in meant and new.get(path) != meant[uid]:
                broken.append(Broken(at, path, gone=path not in new))
    return broken


def _pairs(
    before: Sequence[Iterable[Uid]], after: Sequence[Iterable[Uid] | None]
) -> Iterator[tuple[int, tuple[Iterable[Uid], Iterable[Uid]]]]:
    for at, (old, new) in enumerate(zip(before, after, strict=True)):
        if new is not None:
            yield at, (old, new)


def _is_own(path: tuple[int, ...]) -> bool:
    return len(path) == 2 and path[0] in OWN
