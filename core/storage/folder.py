"""The embedded store: a folder per zone, files that appear whole by a link and are flushed to disk first."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from core.files import flush_folder
from core.ids import new_id
from core.storage.interface import AlreadyThere, Capabilities, NoSuchObject, StoreUnreachable
from core.storage.zones import Zone

COPY = 1 << 20
#: What a file system without hard links answers.
NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}


@contextmanager
def doing(deed: str) -> Iterator[None]:
    """Turns what the file system says no with into StoreUnreachable, which names no path."""
    try:
        yield
    except OSError as error:
        raise StoreUnreachable.while_it(deed, error) from None


class FolderStore:
    """Objects under `root/zone/xx/key`; only this process's user may read them."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)

    def path(self, zone: Zone, key: str) -> Path:
        """Where an object lies. Keys are ids; the last two hex digits spread them over 256 folders."""
        if not key or not all(c.isascii() and (c.isalnum() or c == "-") for c in key):
            raise ValueError("an object's key is letters, digits and hyphens")
        return self.root / zone.value / key[-2:] / key

    def put(self, zone: Zone, key: str, data: BinaryIO) -> int:
        return self._write(self.path(zone, key), data, self._publish)

    def replace(self, zone: Zone, key: str, data: BinaryIO) -> None:
        self._write(self.path(zone, key), data, _take_the_place)

    def _write(self, target: Path, data: BinaryIO, publish: Callable[[Path, Path], None]) -> int:
        key = target.name
        draft = target.with_name(f".{key}.{new_id()}")
        with doing("write"):
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            # Without a buffer: what a full disk did not take of it would be tried, and fail, once more at the closing.
            with open(handle, "wb", buffering=0) as file:
                while part := data.read(COPY):
                    # Apart from the reading: a source that breaks off is not a store that does not answer.
                    with doing("write"):
                        _write_all(file, part)
                size = file.tell()
                with doing("write"):
                    os.fsync(file.fileno())
            with doing("write"):
                publish(draft, target)
        finally:
            draft.unlink(missing_ok=True)
        return size

    def open(self, zone: Zone, key: str) -> BinaryIO:
        with doing("read"):
            try:
                return self.path(zone, key).open("rb")
            except FileNotFoundError:
                raise NoSuchObject from None

    def start(self, zone: Zone, key: str, size: int) -> bytes:
        with self.open(zone, key) as stream, doing("read"):
            return stream.read(size)

    def exists(self, zone: Zone, key: str) -> bool:
        return self.path(zone, key).is_file()

    def holds(self, zone: Zone, key: str) -> bool:
        path = self.path(zone, key)
        return path.is_file() or any(path.parent.glob(f".{key}.*"))

    def delete(self, zone: Zone, key: str) -> None:
        target = self.path(zone, key)
        with doing("erase"):
            for draft in target.parent.glob(f".{key}.*"):
                draft.unlink(missing_ok=True)
            target.unlink(missing_ok=True)
            if target.parent.is_dir():
                flush_folder(target.parent)

    def keys(self, zone: Zone) -> Iterator[str]:
        for file in (self.root / zone.value).glob("??/*"):
            if not file.name.startswith("."):
                yield file.name

    def tidy(self, zone: Zone, before: datetime) -> int:
        count = 0
        for draft in (self.root / zone.value).glob("??/.*"):
            try:
                if draft.stat().st_mtime < before.timestamp():
                    draft.unlink()
                    count += 1
            except FileNotFoundError:
                continue  # it was finished while we looked
        return count

    def probe(self) -> Capabilities:
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            test = self.root / f".probe-{new_id()}"
            test.write_bytes(b"probe")
            test.unlink()
        except OSError as error:
            raise StoreUnreachable(
                f"The object folder {self.root} cannot be written ({error.strerror}): set DONARA_STORE to one that can."
            ) from None
        return Capabilities(conditional_put=True, versions=False)

    def _publish(self, draft: Path, target: Path) -> None:
        """Gives the finished draft its name, unless something has it."""
        try:
            os.link(draft, target)
        except FileExistsError:
            raise AlreadyThere from None
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            if target.exists():
                raise AlreadyThere from None
            os.replace(draft, target)
        flush_folder(target.parent)


def _write_all(file: FileIO, part: bytes) -> None:
    """All of it: a disk that is nearly full takes some, and says only then that it is full."""
    left = memoryview(part)
    while left:
        left = left[file.write(left) :]


def _take_the_place(draft: Path, target: Path) -> None:
    os.replace(draft, target)
    flush_folder(target.parent)
