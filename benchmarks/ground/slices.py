"""DICOM files to measure with, of a scanner's size: 528 KB a slice."""

from io import BytesIO

import numpy as np
import pydicom
from pydicom.uid import ExplicitVRLittleEndian

EDGE = 512


def enlarged(data: bytes, seed: int) -> bytes:
    """The file with a picture of a scanner's usual size, as noisy as a scanner's, uncompressed."""
    dataset = pydicom.dcmread(BytesIO(data))
    if dataset.file_meta.TransferSyntaxUID.is_compressed:
        dataset.decompress()
    dataset.Rows = dataset.Columns = EDGE
    dataset.PixelData = np.random.default_rng(seed).integers(0, 4096, EDGE * EDGE, dtype=np.uint16).tobytes()
    dataset["PixelData"].VR = "OW"
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    out = BytesIO()
    pydicom.dcmwrite(out, dataset, implicit_vr=False, little_endian=True, enforce_file_format=True)
    return out.getvalue()
