"""DICOM files to measure with: CT slices of 528 KB with an identity everywhere, and the real files of pydicom."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from pydicom.data.data_manager import DATA_ROOT
from pydicom.uid import ExplicitVRLittleEndian

from portal.story.cohort import CohortDonor, make_cohort, studies

EDGE = 512


def ct_slices(count: int) -> list[tuple[CohortDonor, bytes]]:
    """Slices of 512 x 512 pixels of as many donors, each with its donor's identity wherever a scanner writes one."""
    donors = [donor for donor in make_cohort(4 * count + 8) if donor.modality == "CT"][:count]
    return [(donor, enlarged(studies(donor)[0].data, seed)) for seed, donor in enumerate(donors)]


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


def real_files() -> list[bytes]:
    """The files that pydicom itself carries, in a fixed order; none is fetched from anywhere."""
    return [path.read_bytes() for path in sorted(Path(DATA_ROOT, "test_files").glob("*.dcm"))]
