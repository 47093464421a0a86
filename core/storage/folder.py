"""The embedded store: a folder per zone, files that appear whole by rename and are flushed to disk first."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from core.ids import new_id
from core.storage.interface import Capabilities, NoSuchObject, StoreUnreachable
from core.storage.zones import Zone

COPY = 1 << 20


class FolderStore:
    """Objects under `root/zone/xx/key`; only this process's user may read them."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)

    def path(self, zone: Zone, key: str) -> Path:
        """Where an object lies. Keys are ids; the last two hex digits spread them over 256 folders."""
        if not key or not all(c.isalnum() or c == "-" for c in key):
            raise ValueError("an object's key is letters, digits and hyphens")
        return self.root / zone.value / key[-2:] / key

    def put(self, zone: Zone, key: str, data: BinaryIO) -> int:
        target = self.path(zone, key)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_name(f".{key}.{new_id()}")
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                shutil.copyfileobj(data, file, COPY)
                size = file.tell()
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, target)
            self._flush(target.parent)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise StoreUnreachable(f"The object folder could not be written ({error.strerror}).") from None
        return size

    def open(self, zone: Zone, key: str) -> BinaryIO:
        try:
            return self.path(zone, key).open("rb")
        except FileNotFoundError:
            raise NoSuchObject from None

    def exists(self, zone: Zone, key: str) -> bool:
        return self.path(zone, key).is_file()

    def delete(self, zone: Zone, key: str) -> None:
        target = self.path(zone, key)
        if not target.parent.is_dir():
            return
        for draft in target.parent.glob(f".{key}.*"):
            draft.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        self._flush(target.parent)

    def keys(self, zone: Zone) -> Iterator[str]:
        for file in (self.root / zone.value).glob("??/*"):
            if not file.name.startswith("."):
                yield file.name

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

    @staticmethod
    def _flush(folder: Path) -> None:
        # A rename survives a power cut only once its folder has been flushed.
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
