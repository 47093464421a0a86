"""Writes identity around the dataset: preamble, file meta information, overlay labels and padding at the end."""

import numpy as np
from pydicom.dataset import FileDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from portal.story.cohort.donors import CohortDonor
from portal.story.cohort.names import plain_letters


def write_envelope(dataset: FileDataset, donor: CohortDonor, visit: int) -> None:
    """Preamble (PS3.10 section 7.1), file meta information, one overlay plane and trailing padding."""
    plain = plain_letters(donor.family_name)
    dataset.preamble = f"II*\0 {plain} {donor.hospital_id}".encode("ascii")[:128].ljust(128, b"\0")
    meta = dataset.file_meta
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = dataset.SOPClassUID, dataset.SOPInstanceUID
    meta.TransferSyntaxUID = _plain_syntax(donor)
    meta.ImplementationClassUID = UID("2.25.329800735698586629295641978511506172918")
    meta.ImplementationVersionName = "SCANNER_1"
    meta.SourceApplicationEntityTitle = donor.hospital.station
    meta.SendingApplicationEntityTitle = plain[:16]
    meta.PrivateInformationCreatorUID = UID("2.25.281043578946103587712345678901234567890")
    meta.PrivateInformation = _even(f"{plain};{donor.national_id}".encode("ascii"))
    dataset.DataSetTrailingPadding = _even(b"\0" * 64 + plain.encode("ascii") + b"\0" * 8)
    _write_overlay(dataset, donor, visit)


def _write_overlay(dataset: FileDataset, donor: CohortDonor, visit: int) -> None:
    """A rectangle drawn over the picture, labelled with the donor's name (PS3.3 section C.9.2)."""
    drawn = np.zeros((dataset.Rows, dataset.Columns), np.uint8)
    drawn[4:20, 4:40] = 1
    dataset.add_new(0x60000010, "US", dataset.Rows)
    dataset.add_new(0x60000011, "US", dataset.Columns)
    dataset.add_new(0x60000022, "LO", f"label {donor.family_name}")
    dataset.add_new(0x60000040, "CS", "G")
    dataset.add_new(0x60000050, "SS", [1, 1])
    dataset.add_new(0x60000100, "US", 1)
    dataset.add_new(0x60000102, "US", 0)
    dataset.add_new(0x60001500, "LO", donor.visits[visit].accession_number)
    dataset.add_new(0x60003000, "OW", _even(np.packbits(drawn, bitorder="little").tobytes()))


def _plain_syntax(donor: CohortDonor) -> UID:
    """Implicit VR for every fourth donor, explicit for the others."""
    return ImplicitVRLittleEndian if donor.index % 4 == 3 else ExplicitVRLittleEndian


def _even(value: bytes) -> bytes:
    return value + b"\0" * (len(value) % 2)
