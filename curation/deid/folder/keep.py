"""Writes clean files into OUT: under a passing name, forced to the disk, then named, never over another file."""

import os
import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from ..files.buffers import digest, digest_of, write
from ..results import Cleaned

#: The folder in OUT in which files grow; it is gone when a run is complete.
UNFINISHED = ".unfinished"
_UID = re.compile(r"[0-9]+(\.[0-9]+)*")
_DRAFTS_DONE = getattr(os, "POSIX_FADV_DONTNEED", None)


class Draft(NamedTuple):
    """A file that is written and not yet named: its descriptor and passing name, where it goes, its digest."""

    descriptor: int
    name: str
    folder: Path
    stem: str
    digest: str


class Keeper:
    """Takes clean files one by one; `settle` makes all of them last and gives them their names."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self._drafts: list[Draft] = []

    def add(self, cleaned: Cleaned) -> None:
        """Writes a file under a passing name; raises OSError."""
        descriptor, name = tempfile.mkstemp(dir=self.target / UNFINISHED)
        folder = Path(_part(cleaned.study_uid), _part(cleaned.series_uid))
        self._drafts.append(Draft(descriptor, name, folder, _part(cleaned.sop_instance_uid), cleaned.output_sha256))
        with open(descriptor, "wb", closefd=False) as file:  # buffered: that writes all or raises
            write(cleaned.pieces, file)
        if _DRAFTS_DONE is not None:
            os.posix_fadvise(descriptor, 0, 0, _DRAFTS_DONE)  # begins to write to the disk, so that settling waits less

    def settle(self) -> list[str]:
        """Forces what was added to the disk and names it; the outputs as paths below OUT. Raises OSError."""
        for draft in self._drafts:
            os.fsync(draft.descriptor)
            os.close(draft.descriptor)
        drafts, self._drafts = self._drafts, []
        return [self._named(draft) for draft in drafts]

    def _named(self, draft: Draft) -> str:
        """Two that claim the same SOP Instance UID and differ are both kept: the second under its digest as well."""
        (self.target / draft.folder).mkdir(parents=True, exist_ok=True)
        for addition in ("", f"-{draft.digest[:16]}", f"-{draft.digest}"):
            path = draft.folder / f"{draft.stem}{addition}.dcm"
            if _take(draft.name, self.target / path) or digest_of(self.target / path) == draft.digest:
                break
        Path(draft.name).unlink(missing_ok=True)
        return path.as_posix()


def _part(uid: str) -> str:
    """A UID as a part of a path; what is none, where a profile keeps UIDs, becomes its digest."""
    return uid if len(uid) <= 64 and _UID.fullmatch(uid) else f"uid-{digest(uid.encode())[:32]}"


def _take(draft: str, path: Path) -> bool:
    """Gives a file its name unless that is taken; file systems without links are asked first."""
    try:
        os.link(draft, path)
        return True
    except FileExistsError:
        return False
    except OSError:
        if path.exists():
            return False
        os.rename(draft, path)
        return True
