"""Siemens files as their scanners write them, made here: CSA headers in both forms, and mosaics that carry them."""

import struct
from collections.abc import Mapping, Sequence
from io import BytesIO

import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage

JUNK = b"Kunigunde Zwetschgenbaum"


def csa2(tags: Mapping[str, Sequence[str]], spare: int = 3, junk: bytes = b"") -> bytes:
    """The later form: tags by name, each with empty items behind its values; `junk` stands where nobody reads."""
    out = b"SV10\4\3\2\1" + struct.pack("<LL", len(tags), 77)
    for name, values in tags.items():
        field = name.encode().ljust(64, b"\0")
        if junk:
            field = field[: len(name) + 1] + junk.ljust(63 - len(name), b"x")[: 63 - len(name)]
        out += field + struct.pack("<l4slll", len(values), b"FD\0\0", 4, len(values) + spare, 77)
        for value in [*values, *[""] * spare]:
            text = value.encode() + b"\0" if value else b""
            out += struct.pack("<llll", len(text), len(text), 77 if text else 205, len(text))
            out += text + junk.ljust(-len(text) % 4, b"\0")[: -len(text) % 4]
    return out + junk


def csa1(tags: Mapping[str, Sequence[str]]) -> bytes:
    """The earlier form: no mark, and lengths that are more by the number of the first tag's items."""
    first = len(next(iter(tags.values())))
    out = struct.pack("<LL", len(tags), 77)
    for name, values in tags.items():
        out += name.encode().ljust(64, b"\0")
        out += struct.pack("<l4slll", len(values), b"FD\0\0", 4, len(values), 77)
        for value in values:
            text = value.encode() + b"\0"
            out += struct.pack("<llll", len(text) + first, 0, 77, 0) + text + bytes(-len(text) % 4)
    return out


def read_csa(data: bytes) -> dict[str, list[str]]:
    """What a header in the later form says, read by nothing but its lengths."""
    assert data[:8] == b"SV10\4\3\2\1"
    count, at, found = struct.unpack_from("<L", data, 8)[0], 16, {}
    for _ in range(count):
        name, _, _, _, items, _ = struct.unpack_from("<64sl4slll", data, at)
        at, values = at + 84, []
        for _ in range(items):
            length = struct.unpack_from("<llll", data, at)[1]
            values += [data[at + 16 : at + 16 + length].rstrip(b"\0").decode()] if length else []
            at += 16 + length + -length % 4
        found[name.rstrip(b"\0").decode()] = values
    assert at == len(data)
    return found


SLICES, SIDE = 6, 32
TIMES = [0.0, 152.5, 305.0, 50.0, 202.5, 355.0]


def mosaic_tags(weight: int) -> dict[str, list[str]]:
    """The tags of one volume of a diffusion series, and some that name people."""
    direction = ["0.60000000", "0.00000000", "0.80000000" if weight else "1.00000000"]
    return {
        "EchoLinePosition": ["16"],
        "UsedPatientWeight": ["88"],
        "PatReinPattern": ["1;HFS;88.00;32.90;2;0;0;1331869268"],
        "B_value": [str(weight)],
        "RealDwellTime": ["2800"],
        "AcquisitionMatrixText": [f"{SIDE}p*{SIDE}"],
        "PhaseEncodingDirectionPositive": ["1"],
        "NumberOfImagesInMosaic": [str(SLICES)],
        "DiffusionGradientDirection": direction,
        "SliceNormalVector": ["0.00000000", "0.00000000", "1.00000000"],
        "DiffusionDirectionality": ["DIRECTIONAL"],
        "ImaPATModeText": ["p2"],
        "B_matrix": ["360.0", "0.0", "480.0", "0.0", "0.0", "640.0"] if weight else [],
        "BandwidthPerPixelPhaseEncode": ["19.05500000"],
        "MosaicRefAcqTimes": [f"{time:.8f}" for time in TIMES],
        "ImaCoilString": [JUNK.decode()],
    }


def mosaic(number: int, weight: int, series: str, header: bytes | None) -> bytes:
    """One volume as a mosaic of six slices in a grid of three by three, with the CSA header that is given."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = MRImageStorage, ExplicitVRLittleEndian
    meta.MediaStorageSOPInstanceUID = f"{series}.{number}"
    ds = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    ds.ImageType = ["ORIGINAL", "PRIMARY", "DIFFUSION", "NONE", "ND", "MOSAIC"]
    ds.SOPClassUID, ds.SOPInstanceUID = MRImageStorage, meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = series + ".1", series, series + ".2"
    ds.Modality, ds.Manufacturer, ds.ManufacturerModelName = "MR", "SIEMENS", "TrioTim"
    ds.PatientName, ds.PatientID, ds.StudyDate, ds.StudyTime = "Zwetschgenbaum^Kunigunde", "4711", "20200101", "120000"
    ds.AcquisitionTime, ds.AcquisitionDate = f"1200{number:02}", "20200101"
    ds.PatientPosition = "HFS"
    ds.SeriesNumber, ds.InstanceNumber, ds.AcquisitionNumber = 5, number, number
    ds.ScanningSequence, ds.SequenceVariant, ds.MRAcquisitionType = "EP", "SK", "2D"
    ds.SequenceName = f"*ep_b{weight}"
    ds.RepetitionTime, ds.EchoTime, ds.FlipAngle, ds.MagneticFieldStrength = "500", "90", "90", "3"
    ds.SliceThickness, ds.SpacingBetweenSlices, ds.PixelSpacing = "2", "2", ["2", "2"]
    ds.AcquisitionMatrix, ds.InPlanePhaseEncodingDirection = [SIDE, 0, 0, SIDE], "COL"
    ds.ImagePositionPatient, ds.ImageOrientationPatient = ["-96", "-96", "0"], ["1", "0", "0", "0", "1", "0"]
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.Rows, ds.Columns = 1, "MONOCHROME2", 3 * SIDE, 3 * SIDE
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    if header is not None:
        block = ds.private_block(0x0029, "SIEMENS CSA HEADER", create=True)
        block.add_new(0x10, "OB", header + bytes(len(header) % 2))
    ds.PixelData = b"".join(struct.pack("<H", (at * 7 + number) % 4096) for at in range(9 * SIDE * SIDE))
    out = BytesIO()
    pydicom.dcmwrite(out, ds, enforce_file_format=True)
    return out.getvalue()
