"""A scanner's series to measure with: one patient's CT slices of 528 KB, with all that a real scanner wrote."""

from io import BytesIO

import numpy as np
import pydicom
from pydicom.data import get_testdata_file
from pydicom.uid import UID, ExplicitVRLittleEndian

from benchmarks.ground.slices import EDGE


def ct_series(count: int) -> list[bytes]:
    """Slices that differ as a scanner's do: in UID, number, place, times and picture; their private data stays."""
    dataset = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.Rows = dataset.Columns = EDGE
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    noise = np.random.default_rng(0).integers(0, 4096, EDGE * EDGE, dtype=np.uint16)
    return [_slice(dataset, np.roll(noise, 17 * number), number) for number in range(1, count + 1)]


def _slice(dataset: pydicom.Dataset, pixels: "np.ndarray[tuple[int, ...], np.dtype[np.uint16]]", number: int) -> bytes:
    uid = UID(f"1.3.6.1.4.1.5962.1.1.1.1.{number}")
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = uid
    dataset.InstanceNumber = number
    dataset.ImagePositionPatient = [-158.135803, -179.035797, -75.699997 + 1.25 * number]
    dataset.SliceLocation = -77.2 + 1.25 * number
    dataset.ContentTime = dataset.AcquisitionTime = f"1129{number // 60 % 60:02}.{number % 1000:03}"
    dataset.PixelData = pixels.tobytes()
    out = BytesIO()
    pydicom.dcmwrite(out, dataset, implicit_vr=False, little_endian=True, enforce_file_format=True)
    return out.getvalue()
