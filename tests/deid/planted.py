"""A CT object with an identity in every place where a scanner, an archive or a person could have left one."""

from io import BytesIO

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian

NAME, NUMBER, BIRTH = "Zwetschgenbaum^Kunigunde", "PAT-7734921", "19610417"
STUDY_UID, SERIES_UID = "1.2.840.99999.1.77", "1.2.840.99999.1.77.2"
SECRETS = ["Zwetschgenbaum", "Kunigunde", NUMBER, "7734921", BIRTH, STUDY_UID, SERIES_UID, "Dr. Quacksalber"]
PIXEL_BYTES = bytes(range(256)) * 2


def _nested(depth: int) -> Sequence:
    item = Dataset()
    item.PatientName = NAME
    item.PatientComments = f"{NAME} born {BIRTH}"
    item.add_new(0x00110010, "LO", f"{NUMBER} CREATOR")
    item.ReferencedSOPInstanceUID = f"{STUDY_UID}.9"
    item.ReferencedSOPClassUID = CTImageStorage
    if depth:
        item.ReferencedImageSequence = _nested(depth - 1)
    return Sequence([item])


def dataset() -> Dataset:
    """The object, without file meta information."""
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 100"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL", "ZWETSCHGENBAUM"]
    ds.SOPClassUID, ds.SOPInstanceUID = CTImageStorage, f"{SERIES_UID}.3"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = STUDY_UID, SERIES_UID
    ds.StudyDate, ds.StudyTime, ds.SeriesDate = "20190102", "101112.345", "20190103"
    ds.AcquisitionDateTime = "20190102101112.345+0100"
    ds.DateOfLastCalibration, ds.TimeOfLastCalibration = "20181201", "070000"
    ds.Modality, ds.Manufacturer, ds.ManufacturerModelName = "CT", "ACME", "Scan Kunigunde"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = NAME, NUMBER, BIRTH, "F"
    ds.PatientAge, ds.OtherPatientIDs, ds.PatientAddress = "057Y", ["7734921", "X1"], "Pflaumenweg 7"
    ds.AccessionNumber, ds.StudyID, ds.StudyDescription = NUMBER, "7734921", f"CT {NAME}"
    ds.ReferringPhysicianName, ds.OperatorsName = "Dr. Quacksalber", "Dr. Quacksalber"
    ds.InstitutionName, ds.StationName, ds.DeviceSerialNumber = "Dr. Quacksalber", "ST-7734921", "7734921"
    ds.ImageComments, ds.SeriesDescription, ds.ProtocolName = NAME, NAME, f"Knee {NAME}"
    ds.ConvolutionKernel, ds.SoftwareVersions, ds.DetectorDescription = "B30f", "Zwetschgenbaum 1.0", NAME
    ds.ReferencedImageSequence = _nested(4)
    ds.RequestAttributesSequence = _nested(1)
    ds.AnatomicRegionSequence = Sequence([_code("SCT", "T-D1100", "Head"), _code("99KUNI", "7734921", NAME)])
    ds.add_new(0x00091010, "LO", NAME)
    ds.add_new(0x00090010, "LO", "ACME 7734921")
    ds.add_new(0x00080000, "UL", 4)
    ds.add_new(0x60003000, "OW", b"\0\1")
    ds.add_new(0x60000022, "LO", NAME)
    ds.add_new(0x00189999, "LO", NAME)
    ds.add_new(0xFFFCFFFC, "OB", NAME.encode())
    ds.add_new(0x00101001, "UN", NAME.encode())
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows = ds.Columns = 16
    ds.BitsAllocated = ds.BitsStored = 16
    ds.HighBit, ds.PixelRepresentation = 15, 0
    ds.add_new(0x7FE00010, "OW", PIXEL_BYTES)
    return ds


def _code(scheme: str, value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def as_file(ds: Dataset, *, implicit: bool = False, syntax: str = "", preamble: bytes = b"") -> bytes:
    """The object as a file whose preamble and meta information name someone, too."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    meta.TransferSyntaxUID = UID(syntax) if syntax else ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    meta.SourceApplicationEntityTitle = "KUNIGUNDE"
    meta.ImplementationClassUID = UID("1.2.3.4")
    file = FileDataset("", ds, file_meta=meta, preamble=preamble or NAME.encode().ljust(128, b"\1"))
    buffer = BytesIO()
    file.save_as(buffer, implicit_vr=implicit, little_endian=True, enforce_file_format=False)
    return buffer.getvalue()
