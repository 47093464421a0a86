"""Reading what a sandboxed program wrote, from outside: never following a link, never more than was allowed."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from training_jobs.rules.names import FILE_NAME


class TooMuch(Exception):
    """The program left more than it may."""


@dataclass(frozen=True, slots=True)
class Used:
    """How full one of the sandbox's small rooms (a tmpfs) is."""

    bytes: int
    free: int
    files: int


def used(room: Path) -> Used:
    """What the kernel counts for the whole file system, whatever is hidden inside it."""
    found = os.statvfs(room)
    return Used(
        bytes=(found.f_blocks - found.f_bfree) * found.f_frsize,
        free=found.f_bavail * found.f_frsize,
        files=found.f_files - found.f_ffree,
    )


def read_file(path: Path, most: int) -> bytes | None:
    """At most `most` bytes of a regular file; None for a link, a pipe, a device, or nothing there."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(most)


def collect(room: Path, target: Path, most: int) -> list[str]:
    """Copies the plain files of `room` to the new folder `target`, all or nothing; the names copied, sorted.

    Links, folders, pipes and files with an unusual name stay behind. Raises TooMuch above `most` bytes in all.
    """
    part = target.with_name(f".{target.name}.part")
    part.mkdir(mode=0o700)
    names = sorted(entry.name for entry in os.scandir(room) if FILE_NAME.fullmatch(entry.name))
    kept, left = [], most
    for name in names:
        data = read_file(room / name, left + 1)
        if data is None:
            continue
        left -= len(data)
        if left < 0:
            raise TooMuch
        with open(part / name, "xb") as file:
            file.write(data)
            os.fsync(file.fileno())
        kept.append(name)
    os.rename(part, target)
    return kept
