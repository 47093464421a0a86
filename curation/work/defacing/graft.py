"""Takes nothing but pixel values from a tool's output, into the cleaned file that it was given."""

import warnings
from io import BytesIO

from pydicom import Dataset, dcmread
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from curation.work.defacing.tool import DefacingFailed

#: What must be as it was: whose image it is, its size, how values are stored and meant, where it lies in the body.
SAME = (
    *("SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "Rows", "Columns", "NumberOfFrames"),
    *("SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"),
    *("RescaleSlope", "RescaleIntercept", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"),
    *("SliceThickness", "SpacingBetweenSlices", "PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence"),
)
_UNCOMPRESSED = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)
#: PS3.16 CID 7050.
CLAIM = ("113102", "DCM", "Clean Recognizable Visual Features Option")


def grafted(clean: bytes, made: bytes, new_uid: str) -> bytes:
    """The cleaned file with the pixel values that the tool made, as Explicit VR Little Endian, and what was done.

    `new_uid`: its SOP Instance UID. Raises DefacingFailed where the tool changed more than pixel values.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _grafted(dcmread(BytesIO(clean)), dcmread(BytesIO(made)), new_uid)
        except DefacingFailed:
            raise
        except Exception:  # whatever is wrong with the tool's file; an error may quote values
            raise DefacingFailed("unreadable_output") from None


def _grafted(clean: Dataset, made: Dataset, new_uid: str) -> bytes:
    if made.file_meta.TransferSyntaxUID not in _UNCOMPRESSED or not _plain(clean):
        raise DefacingFailed("not_uncompressed")
    if any(clean.get(name) != made.get(name) for name in SAME):
        raise DefacingFailed("header_changed")
    if len(made.PixelData) != _expected(clean):
        raise DefacingFailed("pixels_do_not_fit")
    clean.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    clean.file_meta.MediaStorageSOPInstanceUID = clean.SOPInstanceUID = UID(new_uid)
    for name in ("PixelData", "ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if name in clean:
            del clean[name]
    clean.add_new("PixelData", "OW" if clean.BitsAllocated > 8 else "OB", made.PixelData)
    _claim(clean)
    out = BytesIO()
    clean.save_as(out, implicit_vr=False, little_endian=True, enforce_file_format=True)
    return out.getvalue()


def _plain(clean: Dataset) -> bool:
    """Whether the cleaned file is of a kind whose pixels can be put in another's place: grey, no bytes turned round."""
    grey = str(clean.PhotometricInterpretation).startswith("MONOCHROME")
    return grey and clean.file_meta.TransferSyntaxUID != ExplicitVRBigEndian


def _expected(clean: Dataset) -> int:
    size = clean.Rows * clean.Columns * int(clean.get("NumberOfFrames") or 1) * (clean.BitsAllocated // 8)
    return int(size + size % 2)


def _claim(clean: Dataset) -> None:
    """Recognizable Visual Features (0028,0302) NO, and the method beside those that the engine wrote."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = CLAIM
    clean.RecognizableVisualFeatures = "NO"
    clean.DeidentificationMethodCodeSequence = [*clean.get("DeidentificationMethodCodeSequence", []), item]
