"""What headers say: as complete as a device of each kind writes them, of someone who never was."""

from datetime import date

from pydicom import uid
from pydicom.dataset import Dataset

from tests.deid.evidence.people import Person

#: Of whom a file is, when it does not matter.
WHO = Person("Zorbanek", "Ottilie", "48215977", date(1961, 4, 17))
#: Of whom it is where the writing names somebody else.
OTHER = Person("Kwastafu", "Bertram", "90361258", date(1947, 9, 30))
_ROOT = "1.2.826.0.1.3680043.10.999."

_SLICE = {
    "FrameOfReferenceUID": _ROOT + "5",
    "ImagePositionPatient": [-180.0, -170.0, -412.5],
    "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
    "PixelSpacing": [0.7, 0.7],
    "SliceThickness": "5",
    "SliceLocation": "-412.5",
    "PatientPosition": "HFS",
}
_RADIOGRAPH = {"ImagerPixelSpacing": [0.2, 0.2], "KVP": "70", "ViewPosition": "AP", "PatientOrientation": ["L", "F"]}
#: What each kind says beside the patient, the study and the pixels.
KINDS: dict[str, dict[str, object]] = {
    "ct": {
        "SOPClassUID": uid.CTImageStorage,
        "Modality": "CT",
        "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
        "Manufacturer": "SIEMENS",
        "ManufacturerModelName": "SOMATOM Definition AS",
        "BodyPartExamined": "ABDOMEN",
        "KVP": "120",
        "XRayTubeCurrent": "210",
        "ConvolutionKernel": "B30f",
        "RescaleIntercept": "-1024",
        "RescaleSlope": "1",
        "RescaleType": "HU",
        **_SLICE,
    },
    "mr": {
        "SOPClassUID": uid.MRImageStorage,
        "Modality": "MR",
        "ImageType": ["ORIGINAL", "PRIMARY", "M", "SE"],
        "Manufacturer": "Philips Medical Systems",
        "ManufacturerModelName": "Achieva",
        "BodyPartExamined": "SHOULDER",
        "ScanningSequence": "SE",
        "SequenceVariant": "SK",
        "ScanOptions": "FS",
        "MRAcquisitionType": "2D",
        "EchoTime": "20",
        "RepetitionTime": "2800",
        "MagneticFieldStrength": "1.5",
        **_SLICE,
    },
    "nm": {
        "SOPClassUID": uid.NuclearMedicineImageStorage,
        "Modality": "NM",
        "ImageType": ["ORIGINAL", "PRIMARY", "WHOLE BODY", "EMISSION"],
        "Manufacturer": "ADAC",
        "BodyPartExamined": "WHOLEBODY",
    },
    "cr": {
        "SOPClassUID": uid.ComputedRadiographyImageStorage,
        "Modality": "CR",
        "ImageType": ["ORIGINAL", "PRIMARY"],
        "Manufacturer": "FUJI PHOTO FILM Co., ltd.",
        "BodyPartExamined": "CHEST",
        "BurnedInAnnotation": "NO",
        **_RADIOGRAPH,
    },
    "dx": {
        "SOPClassUID": uid.DigitalXRayImageStorageForPresentation,
        "Modality": "DX",
        "ImageType": ["ORIGINAL", "PRIMARY", ""],
        "Manufacturer": "Canon Inc.",
        "BodyPartExamined": "ABDOMEN",
        "BurnedInAnnotation": "NO",
        "PresentationIntentType": "FOR PRESENTATION",
        **_RADIOGRAPH,
    },
    "mg": {
        "SOPClassUID": uid.DigitalMammographyXRayImageStorageForPresentation,
        "Modality": "MG",
        "ImageType": ["ORIGINAL", "PRIMARY", ""],
        "Manufacturer": "HOLOGIC, Inc.",
        "ManufacturerModelName": "Selenia Dimensions",
        "BodyPartExamined": "BREAST",
        "BurnedInAnnotation": "NO",
        "PresentationIntentType": "FOR PRESENTATION",
        **_RADIOGRAPH,
    },
    "xa": {
        "SOPClassUID": uid.XRayAngiographicImageStorage,
        "Modality": "XA",
        "ImageType": ["ORIGINAL", "PRIMARY", "SINGLE PLANE"],
        "Manufacturer": "SIEMENS",
        "BodyPartExamined": "HEART",
    },
    "us": {
        "SOPClassUID": uid.UltrasoundImageStorage,
        "Modality": "US",
        "ImageType": ["ORIGINAL", "PRIMARY", "ABDOMINAL", "0001"],
        "Manufacturer": "Acme Ultrasound",
        "ManufacturerModelName": "Never Seen 1",
    },
    "us cine": {
        "SOPClassUID": uid.UltrasoundMultiFrameImageStorage,
        "Modality": "US",
        "ImageType": ["ORIGINAL", "PRIMARY", "CARDIAC", "0001"],
        "Manufacturer": "Acme Ultrasound",
        "ManufacturerModelName": "Never Seen 1",
        "FrameTime": "33.3",
        "FrameIncrementPointer": 0x00181063,
    },
    "sc": {
        "SOPClassUID": uid.SecondaryCaptureImageStorage,
        "Modality": "OT",
        "ImageType": ["DERIVED", "SECONDARY"],
        "ConversionType": "WSD",
    },
    "vl": {
        "SOPClassUID": uid.VLPhotographicImageStorage,
        "Modality": "XC",
        "ImageType": ["ORIGINAL", "PRIMARY"],
        "Manufacturer": "Canon",
        "LossyImageCompression": "00",
    },
}


def header(kind: str, number: int, who: Person = WHO) -> Dataset:
    """Everything but the pixels and what describes them; another number is another image of another series."""
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPInstanceUID, ds.SeriesInstanceUID = f"{_ROOT}3.{number}", f"{_ROOT}2.{number}"
    ds.StudyInstanceUID, ds.StudyID, ds.AccessionNumber = _ROOT + "1", "7", "A5530127"
    ds.StudyDate = ds.SeriesDate = ds.ContentDate = ds.AcquisitionDate = "20190102"
    ds.StudyTime = ds.SeriesTime = ds.ContentTime = ds.AcquisitionTime = "101112"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = who.name, who.number, who.born, "F"
    ds.InstitutionName, ds.ReferringPhysicianName = "Hospital of Gnodreli", "Vlugomi^Wra"
    ds.SeriesNumber, ds.InstanceNumber, ds.AcquisitionNumber = 1, 1, 1
    for keyword, value in KINDS[kind].items():
        setattr(ds, keyword, value)
    return ds


def regions(*boxes: tuple[int, int, int, int]) -> list[Dataset]:
    """Regions of ultrasound (PS3.3 section C.8.5.5), each as left, top, right and bottom."""
    found = []
    for left, top, right, bottom in boxes:
        item = Dataset()
        item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = 1, 1, 0
        item.RegionLocationMinX0, item.RegionLocationMinY0 = left, top
        item.RegionLocationMaxX1, item.RegionLocationMaxY1 = right, bottom
        item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = 3
        item.PhysicalDeltaX = item.PhysicalDeltaY = 0.02
        found.append(item)
    return found
