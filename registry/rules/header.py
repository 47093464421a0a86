"""Reads from a file's header whose it is and which examination it belongs to: the door's own small, bounded reader."""

import re
import time
import warnings
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO, Final

from pydicom.dataset import Dataset
from pydicom.filereader import read_partial
from pydicom.tag import BaseTag, Tag

from core.texts import gettext_noop as _

#: The most bytes of values that are read; longer values in between are passed over unread.
READ_BYTES: Final = 2 << 20
#: The most pieces that are read; each element costs one or two of them. What scanners write costs hundreds, and a list
#: of two thousand referenced images 16,000.
READ_PIECES: Final = 40_000
READ_SECONDS: Final = 10
_DEFLATED: Final = b"1.2.840.10008.1.2.1.99"
_META_START, _META_LENGTH_AT = 144, 140
_WANTED: Final = {
    "sop_class_uid": Tag(0x0008, 0x0016),
    "sop_uid": Tag(0x0008, 0x0018),
    "modality": Tag(0x0008, 0x0060),
    "patient_name": Tag(0x0010, 0x0010),
    "patient_id": Tag(0x0010, 0x0020),
    "birth_date": Tag(0x0010, 0x0030),
    "identity_removed": Tag(0x0012, 0x0062),
    "method": Tag(0x0012, 0x0063),
    "study_uid": Tag(0x0020, 0x000D),
}
#: A CS value (PS3.5 section 6.2). What is none is no modality: that is kept in plain sight and may hold no free text.
_CODE_STRING: Final = re.compile(r"[A-Z0-9_ ]{1,16}", re.ASCII)
_CHARACTER_SET: Final = Tag(0x0008, 0x0005)
_LAST: Final = _WANTED["study_uid"]


class HeaderError(Exception):
    """The header cannot be read; `code` is `truncated`, `malformed` or `endless`, `sentence` says what to do."""

    SENTENCES: Final = {
        "truncated": _("This file ends too early: a part of it is missing. Copy it from the disc again."),
        "malformed": _("This file is damaged and cannot be read. Copy it from the disc again."),
        "endless": _("The header of this file is far longer than any that a scanner writes, so we did not read it."),
    }

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code, self.sentence = code, self.SENTENCES[code]


@dataclass(frozen=True)
class Header:
    """What the door needs of a header. `patient_name` is a PN value with its groups (PS3.5 section 6.2.1.1).

    `identity_removed` and `method` are what it says of its own de-identification (PS3.3 section C.7.1.1).
    """

    patient_name: str = field(repr=False)
    patient_id: str = field(repr=False)
    birth_date: str = field(repr=False)
    modality: str
    study_uid: str = field(repr=False)
    sop_class_uid: str
    sop_uid: str = field(repr=False)
    identity_removed: str = field(repr=False)
    method: str = field(repr=False)


class _Budget:
    """A reader that lets anything be passed over, but only so many bytes be read, in so many pieces and seconds.

    Depth is bounded by Python's own stack: what is nested more deeply than that is malformed.
    """

    def __init__(self, source: BinaryIO, seconds: float) -> None:
        self.source, self.bytes_left, self.pieces_left = source, READ_BYTES, READ_PIECES
        self.until = time.monotonic() + seconds

    def read(self, size: int = -1) -> bytes:
        self.bytes_left -= size if size >= 0 else self.bytes_left + 1
        self.pieces_left -= 1
        if self.bytes_left < 0:
            raise HeaderError("malformed")
        if self.pieces_left < 0 or time.monotonic() > self.until:
            raise HeaderError("endless")
        return self.source.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.source.seek(offset, whence)

    def tell(self) -> int:
        return self.source.tell()


def read_header(stream: BinaryIO, *, seconds: float = READ_SECONDS) -> Header:
    """The header of a DICOM file or a bare data set, up to the study's UID; raises HeaderError.

    Values of other elements are passed over, the picture is never touched, and warnings
    (which quote values) are silenced.
    """
    stream.seek(0)
    head = stream.read(_META_START + 512)
    stream.seek(0)
    source = BytesIO(_inflated(stream)) if _DEFLATED in head[_META_START:] else stream
    passed = [False]

    def beyond(tag: BaseTag, _vr: str | None, _length: int) -> bool:
        passed[0] = passed[0] or tag > _LAST
        return passed[0]

    tags: list[BaseTag | int] = [_CHARACTER_SET, *_WANTED.values()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reader: BinaryIO = _Budget(source, seconds)  # type: ignore[assignment]  # all that pydicom uses of it
            dataset = read_partial(reader, stop_when=beyond, force=True, specific_tags=tags)
            texts = {name: _text(dataset, tag) for name, tag in _WANTED.items()}
        except HeaderError:
            raise
        except Exception:  # whatever a parser raises on damaged input; its message could quote a name
            raise HeaderError("malformed") from None
    if not passed[0]:
        raise HeaderError("truncated")
    if not _CODE_STRING.fullmatch(texts["modality"]):
        texts["modality"] = ""
    return Header(**texts)


def _text(dataset: Dataset, tag: BaseTag) -> str:
    if tag not in dataset:
        return ""
    value = dataset[tag].value
    return str("" if value is None else value).strip(" \0")


def _inflated(stream: BinaryIO) -> bytes:
    """The beginning of a deflated data set (PS3.5 annex A.5), never more than the budget."""
    raw = stream.read(READ_BYTES)
    start = _META_START + int.from_bytes(raw[_META_LENGTH_AT:_META_START], "little")
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw[start:], READ_BYTES)
    except zlib.error:
        raise HeaderError("malformed") from None
