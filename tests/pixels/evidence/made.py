"""Makes the file of a case: a real picture, writing in it, a header, a way of storing it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from zlib import crc32

import numpy as np
from pydicom import uid
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset, write_file_meta_info

from . import pixels
from .backgrounds import background
from .claims import OTHER, WHO, header
from .encoders import WAYS, even, put_pixels
from .writing import Planted, Writing, plant


@dataclass(frozen=True)
class Case:
    """A picture to make.

    `kind`: what its header says it is; `says`: what it says otherwise; `trick`: where of tricks.py the writing hides.
    `known`: the header says what is written.
    """

    name: str
    group: str
    background: str
    kind: str
    writings: tuple[Writing, ...] = ()
    depth: str = "8"
    photometric: str = "MONOCHROME2"
    planar: int = 0
    way: str = "explicit"
    says: dict[str, object] = field(default_factory=dict)
    trick: str = ""
    frames: int = 1
    known: bool = True


@dataclass(frozen=True)
class Made:
    """A file and the strings in it, frame by frame. `gone`: says of an output whether what was hidden has left it."""

    case: Case
    data: bytes = field(repr=False)
    planted: tuple[Planted, ...] = field(repr=False)
    gone: Callable[[Dataset], bool] | None = field(default=None, repr=False)

    @property
    def said(self) -> tuple[str, ...]:
        """What the header says about its patient."""
        who = WHO if self.case.known else OTHER
        return who.family, who.given, who.number, who.born


def drawn(case: Case) -> tuple[np.ndarray, list[Planted]]:
    """Frames of values from 0 to 1 with the writing in them, and where it stands."""
    real = background(case.background)
    frames = np.stack([real[number % len(real)] for number in range(case.frames)])
    if case.photometric not in pixels.GREY and frames.ndim == 3:
        frames = np.repeat(frames[..., None], 3, axis=3)
    if case.photometric.endswith("422"):
        frames = frames[:, :, : frames.shape[2] // 2 * 2]
    return frames, plant(frames, case.writings, 1.0)


def make(case: Case) -> Made:
    """The file of a case, its writing where everyone sees it."""
    frames, planted = drawn(case)
    ds = described(case, pixels.stored(frames, case.photometric, case.depth))
    return Made(case, as_file(ds, case.way), tuple(planted))


def described(case: Case, frames: np.ndarray) -> Dataset:
    """The data set with these stored values."""
    ds = header(case.kind, crc32(case.name.encode()), WHO if case.known else OTHER)
    pixels.describe(ds, frames, case.photometric, case.depth, case.planar)
    for keyword, value in case.says.items():
        setattr(ds, keyword, value)
    if WAYS[case.way][1] is None and case.photometric.startswith("YBR_FULL"):
        whole = case.photometric == "YBR_FULL"
        frames = pixels.as_ybr(frames) if whole else pixels.halved(frames)
        ds.PixelData = even(frames.tobytes())
        ds["PixelData"].VR = "OB"
    else:
        put_pixels(ds, frames, case.way)
    return ds


def as_file(ds: Dataset, way: str) -> bytes:
    """The data set as a file."""
    syntax = WAYS[way][0]
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    meta.TransferSyntaxUID, meta.ImplementationClassUID = syntax, uid.UID("1.2.3.4")
    meta.FileMetaInformationVersion = b"\0\1"
    out = BytesIO()
    little, implicit = syntax != uid.ExplicitVRBigEndian, syntax == uid.ImplicitVRLittleEndian
    file = FileDataset("", ds, file_meta=meta, preamble=b"\0" * 128)
    file.set_original_encoding(implicit, little, "utf8")
    if not syntax.is_transfer_syntax:
        return _unknown(file)
    file.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _unknown(file: FileDataset) -> bytes:
    """A file in a transfer syntax that pydicom has no name for."""
    out = DicomBytesIO()
    out.is_little_endian, out.is_implicit_VR = True, False
    out.write(b"\0" * 128 + b"DICM")
    write_file_meta_info(out, file.file_meta)
    write_dataset(out, file)
    return out.getvalue()
