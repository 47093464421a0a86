"""Files with pictures of every form: values in, DICOM bytes out, by pydicom and the encoders that are installed."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID, SecondaryCaptureImageStorage

from curation.pixels.encode import encoded
from curation.pixels.layout import layout_of

IMPLICIT, EXPLICIT, BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
RLE, DEFLATED_FRAMES = "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.8.1"
BASELINE, LOSSLESS, LOSSLESS_FIRST, LS, LS_NEAR, J2K, J2K_LOSSY = (
    f"1.2.840.10008.1.2.4.{n}" for n in (50, 57, 70, 80, 81, 90, 91)
)
NATIVE = (IMPLICIT, EXPLICIT, BIG)
COMPRESSED = (RLE, DEFLATED_FRAMES, LOSSLESS, LOSSLESS_FIRST, LS, LS_NEAR, J2K, J2K_LOSSY)
OLD_UID = "2.25.111111111111111111111111111111111111111"
NEW_UID = "2.25.222222222222222222222222222222222222222"


def header(
    rows: int,
    columns: int,
    *,
    frames: int = 1,
    samples: int = 1,
    allocated: int = 8,
    stored: int = 0,
    signed: bool = False,
    photometric: str = "MONOCHROME2",
    planar: int = 0,
) -> Dataset:
    """A secondary capture without its pixels, de-identified by its own word."""
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = SecondaryCaptureImageStorage, OLD_UID
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "2.25.8", "2.25.7"
    ds.Modality, ds.PatientName, ds.InstanceNumber = "OT", "D-AAAA", 3
    ds.PatientIdentityRemoved = "YES"
    ds.DeidentificationMethodCodeSequence = Items([_code("113100", "Basic Application Confidentiality Profile")])
    ds.NumberOfFrames = frames
    ds.SamplesPerPixel, ds.PhotometricInterpretation = samples, photometric
    if samples > 1:
        ds.PlanarConfiguration = planar
    ds.Rows, ds.Columns = rows, columns
    ds.BitsAllocated, ds.BitsStored = allocated, stored or allocated
    ds.HighBit, ds.PixelRepresentation = ds.BitsStored - 1, int(signed)
    return ds


def file_of(ds: Dataset, pixels: bytes, syntax: str, *, compressed: bool) -> bytes:
    """The file of a header and the value of its pixel data."""
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = UID(LS if syntax == DEFLATED_FRAMES else syntax)
    ds.file_meta.MediaStorageSOPClassUID, ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    ds.add_new(0x7FE00010, "OB" if compressed or ds.BitsAllocated <= 8 else "OW", pixels + bytes(len(pixels) % 2))
    ds["PixelData"].is_undefined_length = compressed
    out = BytesIO()
    ds.save_as(out, enforce_file_format=True, little_endian=syntax != BIG, implicit_vr=syntax == IMPLICIT)
    data = out.getvalue()
    # pydicom writes no file of a transfer syntax that it does not know.
    return data.replace(LS.encode(), DEFLATED_FRAMES.encode() + b"\0") if syntax == DEFLATED_FRAMES else data


def native(ds: Dataset, frames: NDArray[np.generic], syntax: str = EXPLICIT) -> bytes:
    """Uncompressed: `frames` are unsigned cells, frames x rows x columns (x samples)."""
    if ds.BitsAllocated == 1:
        pixels = np.packbits(frames.reshape(-1), bitorder="little").tobytes()
    elif ds.PhotometricInterpretation == "YBR_FULL_422":
        pairs = np.concatenate((frames[:, :, 0::2, :1], frames[:, :, 1::2, :1], frames[:, :, 0::2, 1:]), axis=-1)
        pixels = pairs.tobytes()
    else:
        ordered = np.moveaxis(frames, -1, 1) if ds.get("PlanarConfiguration") == 1 else frames
        pixels = ordered.astype(frames.dtype.newbyteorder(">" if syntax == BIG else "<")).tobytes()
    return file_of(ds, pixels, syntax, compressed=False)


def compressed(ds: Dataset, frames: NDArray[np.generic], syntax: str, *, table: bool = True) -> bytes | None:
    """Each frame by the lossless encoder of the syntax; None where it has none for frames of this form."""
    coded = [encoded(frame, syntax, layout_of(ds, "PixelData")) for frame in frames]
    whole = [each for each in coded if each is not None]
    return of_frames(ds, whole, syntax, table=table) if len(whole) == len(coded) else None


def of_frames(ds: Dataset, frames: Sequence[bytes], syntax: str, *, table: bool = True, pieces: int = 1) -> bytes:
    """Frames that are compressed already, each in so many fragments."""
    return file_of(ds, encapsulate(list(frames), fragments_per_frame=pieces, has_bot=table), syntax, compressed=True)


def jpeg(cells: NDArray[np.uint8], *, mode: str = "", **options: object) -> bytes:
    """A JPEG by Pillow; three samples are RGB, which it holds as YCbCr."""
    out = BytesIO()
    Image.fromarray(cells, mode or ("L" if cells.ndim == 2 else "RGB")).save(out, "JPEG", **options)
    return out.getvalue()


def _code(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
    return item
