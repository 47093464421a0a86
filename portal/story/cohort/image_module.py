"""Writes the picture into a dataset, with what a CT or MR image says about itself and nothing about a person."""

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage, MRImageStorage

SOP_CLASSES = {"CT": CTImageStorage, "MR": MRImageStorage}


def write_image(dataset: Dataset, image: NDArray[np.float32], *, modality: str, number: int, signed: bool) -> None:
    """The image, rows x columns in Hounsfield units or MR units, as 16-bit pixels (PS3.3 section C.7.6.3).

    CT is stored as Hounsfield units if `signed`, otherwise raised by 1024 as many scanners do; MR is never signed.
    """
    signed = signed and modality == "CT"
    offset = -1024 if modality == "CT" and not signed else 0
    stored = np.round(image - offset).astype("<i2" if signed else "<u2")
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = stored.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
    dataset.PixelRepresentation = int(signed)
    dataset.PixelData = stored.tobytes()
    dataset["PixelData"].VR = "OW"
    _write_geometry(dataset, stored.shape[0], number)
    if modality == "CT":
        _write_ct(dataset, offset)
    else:
        _write_mr(dataset)


def _write_geometry(dataset: Dataset, side: int, number: int) -> None:
    """Where the slice lies in the body (Image Plane module)."""
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.InstanceNumber = number
    dataset.AcquisitionNumber = 1
    dataset.PixelSpacing = [round(320 / side, 4)] * 2
    dataset.SliceThickness = 5
    dataset.ImagePositionPatient = [-160, -160, 5 * number]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PatientPosition = "HFS"
    dataset.BurnedInAnnotation = "NO"


def _write_ct(dataset: Dataset, offset: int) -> None:
    dataset.RescaleIntercept, dataset.RescaleSlope = offset, 1
    dataset.RescaleType = "HU"
    dataset.KVP = 120
    dataset.WindowCenter, dataset.WindowWidth = 100, 1600


def _write_mr(dataset: Dataset) -> None:
    dataset.ScanningSequence, dataset.SequenceVariant = "SE", "NONE"
    dataset.ScanOptions, dataset.MRAcquisitionType = "", "2D"
    dataset.RepetitionTime, dataset.EchoTime, dataset.EchoTrainLength = 600, 12, 1
    dataset.WindowCenter, dataset.WindowWidth = 500, 1000
