"""Finds everything under a folder in a fixed order: files, and what is no file and therefore only told of."""

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

#: What stands for a folder that cannot be opened and for a thing that is not read.
CLOSED, OTHER = "unreadable_folder", "link_or_special_file"


class Found(NamedTuple):
    """A path below the folder, as the system spells it; size and time of change; `refusal` where it is no file."""

    path: bytes
    size: int
    changed: int
    refusal: str = ""


def listing(folder: bytes) -> Iterator[Found]:
    """Everything under a folder, sorted by name at each level; links are not followed."""
    waiting = [b""]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(os.path.join(folder, here)) as entries:
                names = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            yield Found(here, 0, 0, CLOSED)
            continue
        inner = [os.path.join(here, entry.name) for entry in names if entry.is_dir(follow_symlinks=False)]
        waiting += reversed(inner)
        for entry in names:
            if not entry.is_dir(follow_symlinks=False):
                yield _found(os.path.join(here, entry.name), entry)


def _found(path: bytes, entry: os.DirEntry[bytes]) -> Found:
    try:
        known = entry.stat(follow_symlinks=False)
    except OSError:
        return Found(path, 0, 0)
    if not stat.S_ISREG(known.st_mode):
        return Found(path, 0, 0, OTHER)
    return Found(path, known.st_size, known.st_mtime_ns)
