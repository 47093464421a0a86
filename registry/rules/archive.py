"""Walks through a ZIP safely: bounded in every measure, nothing followed, and no name ever becomes a path."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

from core.texts import gettext_noop as _
from registry.rules import zip_places

_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED: Final = _("This ZIP is damaged or incomplete. Make it again, then send it again.")
_TOO_MANY: Final = _("This ZIP holds too many files. Send it in several parts.")
_TOO_LARGE: Final = _("This ZIP unpacks to more than we can take at once. Send it in several parts.")
DAMAGED_MEMBER: Final = _("One file in the ZIP is damaged. Make the ZIP again, then send it again.")
_LYING_MEMBER: Final = _("One file in the ZIP is not what its contents list says. Make the ZIP again.")
_WRONG_PLACES: Final = {
    "damaged": ("damaged", _DAMAGED),
    "overlapping": ("bomb", _("Files in this ZIP lie over one another, so we did not open it.")),
    "hidden": (
        "hidden",
        _("This ZIP holds more than its contents list says, so we did not open it. Make it again, then send it."),
    ),
}
_RATIO_FROM: Final = 16 << 20  # bytes; small files of zeros compress well and do no harm


@dataclass(frozen=True)
class Limits:
    """What a ZIP may have at most; sizes in bytes."""

    entries: int = 10_000
    file_bytes: int = 512 << 20
    total_bytes: int = 4096 << 20
    ratio: int = 200
    directory_bytes: int = 4 << 20


class Budget:
    """What several ZIPs may have together: those that lie in one ZIP, so that many small ones are no way around."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.entries, self.bytes = limits, 0, 0

    def take(self, entries: int, size: int) -> None:
        """Counts another ZIP's files and bytes; raises ArchiveRefused once it is too much, and counts nothing then."""
        if self.entries + entries > self.limits.entries:
            raise ArchiveRefused("too_many", _TOO_MANY)
        if self.bytes + size > self.limits.total_bytes:
            raise ArchiveRefused("too_large", _TOO_LARGE)
        self.entries, self.bytes = self.entries + entries, self.bytes + size


class ArchiveRefused(Exception):
    """The ZIP is not unpacked; `code` is for programs, `sentence` for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code, self.sentence = code, sentence


@dataclass(frozen=True)
class Member:
    """One file in a ZIP: its bytes may be read once, while the walk stands at it. `refusal` says why it may not be."""

    size: int
    stream: BinaryIO | None
    refusal: str = ""


class _Directory:
    """The ZIP as zipfile sees it: a directory larger than any sane one is refused unread."""

    def __init__(self, source: BinaryIO, most: int) -> None:
        self.source, self.most = source, most
        self.seek, self.tell = source.seek, source.tell

    def read(self, size: int = -1) -> bytes:
        if size > self.most:
            raise ArchiveRefused("too_many", _TOO_MANY)
        return self.source.read(size)

    def seekable(self) -> bool:
        return True


def walk(stream: BinaryIO, limits: Limits, budget: Budget | None = None) -> Iterator[Member]:
    """Each file of the ZIP in the order of its directory; folders are passed over. Checked whole before the first byte.

    `budget` is shared with other ZIPs. Raises ArchiveRefused: damaged, locked, bomb, hidden, links, method, too_many or
    too_large. A member that is damaged by itself raises DamagedMember from its stream's `read`, and the walk can go on.
    """
    try:
        archive = zipfile.ZipFile(cast(BinaryIO, _Directory(stream, limits.directory_bytes)))
        found = archive.infolist()
    except ArchiveRefused:
        raise
    except Exception:  # zipfile raises many kinds on damaged input
        raise ArchiveRefused("damaged", _DAMAGED) from None
    # zipfile's own is_dir() fails at an empty name.
    entries = [info for info in found if info.file_size or not info.filename.endswith("/")]
    _check(entries, limits)
    (budget or Budget(limits)).take(len(entries), sum(info.file_size for info in entries))
    places = zip_places.look(stream, found, archive.start_dir)
    if places.wrong:
        raise ArchiveRefused(*_WRONG_PLACES[places.wrong])
    for info in entries:
        is_odd = info.header_offset in places.odd
        yield Member(info.file_size, None, _LYING_MEMBER) if is_odd else _member(archive, info)


class DamagedMember(Exception):
    """One file inside the ZIP cannot be unpacked."""


class _Stream:
    """A member's bytes, exactly as many as its directory entry says, errors made one kind.

    zipfile sees to it that no more come; fewer it takes for the end.
    """

    def __init__(self, source: BinaryIO, size: int) -> None:
        self.source, self.left = source, size

    def read(self, size: int = -1) -> bytes:
        try:
            piece = self.source.read(size)
            self.left -= len(piece)
            if self.left and (size < 0 or (size > 0 and not piece)):
                raise EOFError
            return piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
            raise DamagedMember from None


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    if climbs(info.filename):
        return Member(info.file_size, None, _("One file has a name that leads out of the ZIP. We left it out."))
    try:
        source = cast(BinaryIO, archive.open(info))
    except Exception:  # as above: also what decoding the name in its own header raises
        return Member(info.file_size, None, DAMAGED_MEMBER)
    return Member(info.file_size, cast(BinaryIO, _Stream(source, info.file_size)))


def climbs(name: str) -> bool:
    """Whether a name would lead out of the folder that it was unpacked in; a sign of bad intent."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or name[1:2] == ":" or "\0" in name


def _check(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = sum(info.file_size for info in entries)
    packed = sum(info.compress_size for info in entries)
    if any(info.flag_bits & zip_places.ENCRYPTED for info in entries):
        raise ArchiveRefused("locked", _("This ZIP is locked with a password. Make one without a password."))
    if any(_is_special(info) for info in entries):
        raise ArchiveRefused("links", _("This ZIP holds links or devices and not only files. Make one from the files."))
    if any(info.compress_type not in _METHODS for info in entries):
        raise ArchiveRefused("method", _("This ZIP is packed in a way that we cannot open. Make an ordinary ZIP."))
    if any(info.file_size > limits.file_bytes for info in entries):
        raise ArchiveRefused("too_large", _TOO_LARGE)
    if _swells(total, packed, limits) or any(_swells(i.file_size, i.compress_size, limits) for i in entries):
        raise ArchiveRefused("bomb", _("This ZIP unpacks to far more than it should, so we did not open it."))


def _swells(size: int, packed: int, limits: Limits) -> bool:
    return size > _RATIO_FROM and size > limits.ratio * max(1, packed)


def _is_special(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    return stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
