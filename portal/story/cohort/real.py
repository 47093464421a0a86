"""The real files that pydicom and pydicom-data carry, as they are: what the story's first donors bring."""

from dataclasses import dataclass
from enum import StrEnum

from portal.story.cohort.carried import carried


class Handling(StrEnum):
    """What a careful registry does with a file."""

    CLEAN = "clean"  # readable, of a kind whose pixels carry no text: becomes a clean record
    LOOK = "look"  # readable, but a person has to look whether a name stands in the picture
    HELD = "held"  # damaged, not an image, or of a kind that is not known to be safe: quarantined with a reason
    EITHER = "either"  # odd: depends on how strict the rules of the day are


@dataclass(frozen=True)
class RealFile:
    """One carried file; `person` groups the files of one patient, `known_as` is what in it names somebody."""

    name: str
    data: bytes
    modality: str
    handling: Handling
    why: str
    person: str
    known_as: tuple[str, ...]


_C, _L, _H, _E = Handling
# name, modality, handling, why, person
_CHOSEN = (
    ("CT_small.dcm", "CT", _C, "an ordinary slice", "ct1"),
    ("693_UNCR.dcm", "CT", _C, "an ordinary slice", "cq500"),
    ("693_J2KR.dcm", "CT", _C, "the same slice in JPEG 2000", "cq500"),
    ("bad_sequence.dcm", "CT", _E, "a private sequence that breaks the standard", "neck"),
    ("explicit_VR-UN.dcm", "CT", _C, "public attributes written as UN", "pancreas"),
    ("eCT_Supplemental.dcm", "CT", _E, "an enhanced multi-frame perfusion map", "stroke"),
    ("MR_small.dcm", "MR", _L, "a slice that says it is derived from others", "mr1"),
    ("MR_small_implicit.dcm", "MR", _L, "implicit value representations", "mr1"),
    ("MR_small_RLE.dcm", "MR", _L, "run-length coded", "mr1"),
    ("MR_small_bigendian.dcm", "MR", _E, "big endian, retired since 2006", "mr1"),
    ("MR_truncated.dcm", "MR", _H, "its pixels end too early", "mr1"),
    ("MR-SIEMENS-DICOM-WithOverlays.dcm", "MR", _E, "a derived image, with overlay planes", "overlays"),
    ("emri_small.dcm", "MR", _E, "an enhanced multi-frame image", "emri"),
    ("emri_small_jpeg_2k_lossless_too_short.dcm", "MR", _H, "it ends in the middle of a value", "emri"),
    ("RG3_J2KR.dcm", "CR", _L, "a radiograph in JPEG 2000, which may have letters in it", "rg3"),
    ("dicomdirtests/77654033/CR1/6154", "CR", _L, "without a file extension", "archibald"),
    ("dicomdirtests/DICOMDIR", "", _H, "a disc's directory, which names everybody on the disc", "archibald"),
    ("examples_rgb_color.dcm", "US", _L, "ultrasound often has the name burned into its picture", "us1"),
    ("OBXXXX1A_rle.dcm", "US", _L, "ultrasound often has the name burned into its picture", "ob"),
    ("examples_ybr_color.dcm", "US", _L, "a film, with text in its picture", "pla"),
    ("SC_rgb_jpeg_dcmtk.dcm", "OT", _L, "a screen shot", "lestrade"),
    ("JPEG-lossy.dcm", "NM", _L, "a screen shot", "nm1"),
    ("test-SR.dcm", "SR", _E, "a report, whose content tree is cleaned", "sr"),
    ("rtplan.dcm", "RTPLAN", _E, "no picture, and free text", "rtplan"),
    ("rtstruct.dcm", "RTSTRUCT", _E, "no file meta information", "phantom"),
    ("rtdose.dcm", "RTDOSE", _E, "a dose grid", "rtdose"),
    ("waveform_ecg.dcm", "ECG", _E, "no picture, and annotations in free text", "ecg"),
    ("liver_1frame.dcm", "SEG", _E, "a segmentation", "liver"),
    ("no_meta.dcm", "CT", _E, "no preamble and no file meta information", "nobody"),
    ("image_dfl.dcm", "OT", _L, "deflated, and a screen shot", "dfl"),
    ("chrH31.dcm", "OT", _L, "a screen shot, with a name in three scripts", "yamada"),
    ("meta_missing_tsyntax.dcm", "", _H, "no transfer syntax", "nobody"),
    ("README.txt", "", _H, "not DICOM", "nobody"),
)
# Whole words of the real patients' names and numbers, long and rare enough to be searched for.
_KNOWN_AS = {
    "ct1": ("CompressedSamples",),
    "mr1": ("CompressedSamples",),
    "us1": ("CompressedSamples",),
    "nm1": ("CompressedSamples",),
    "rg3": ("CompressedSamples",),
    "cq500": ("CQ500-CT-310",),
    "neck": ("2e2884fea560", "b2cbe507f250"),
    "pancreas": ("PANCREAS_0001",),
    "overlays": ("021234567",),
    "archibald": ("Archibald", "77654033"),
    "lestrade": ("Lestrade",),
    "liver": ("JANCT000",),
    "rtdose": ("Lastname", "Firstname"),
    "rtplan": ("id00001",),
    "phantom": ("Phantom30sep",),
}


def real_files() -> list[RealFile]:
    """The selection, in an order that keeps one patient's files together.

    Raises:
        FileNotFoundError: pydicom or pydicom-data is not installed.
    """
    return [
        RealFile(name, carried(name).read_bytes(), modality, handling, why, person, _KNOWN_AS.get(person, ()))
        for name, modality, handling, why, person in _CHOSEN
    ]
