"""Writes identity into private attributes, as three makers of scanners do (PS3.5 section 7.8)."""

from pydicom.dataset import Dataset

from portal.story.cohort.donors import CohortDonor
from portal.story.cohort.identity import person_name
from portal.story.cohort.names import plain_letters
from portal.story.cohort.uids import maker_of


def write_private(dataset: Dataset, donor: CohortDonor, visit: int) -> None:
    """The blocks of the donor's maker, and one of a workstation that every file passed through."""
    (_siemens, _ge, _philips)[maker_of(donor)](dataset, donor, visit)
    block = dataset.private_block(0x0099, "VIEWER WORKSTATION 3", create=True)
    block.add_new(0x01, "LO", f"opened for {donor.family_name}")
    block.add_new(0x02, "DA", donor.visits[visit].day.strftime("%Y%m%d"))
    block.add_new(0x03, "UN", _item_as_bytes(donor))


def _siemens(dataset: Dataset, donor: CohortDonor, visit: int) -> None:
    """A binary header with text in it, as the CSA header is."""
    text = f"tPatientName = {plain_letters(donor.family_name)}\n<{donor.hospital_id}>\n{donor.national_id}"
    block = dataset.private_block(0x0029, "SIEMENS CSA HEADER", create=True)
    block.add_new(0x10, "OB", b"SV10\x04\x03\x02\x01" + text.encode("ascii") + b"\0" * (8 + len(text) % 2))
    block.add_new(0x08, "CS", "IMAGE NUM 4")


def _ge(dataset: Dataset, donor: CohortDonor, visit: int) -> None:
    """Numbers and texts in the identification block."""
    block = dataset.private_block(0x0009, "GEMS_IDEN_01", create=True)
    block.add_new(0x02, "SH", donor.hospital.station)
    block.add_new(0x01, "LO", f"{donor.given_name} {donor.family_name}")
    block.add_new(0xE3, "UI", dataset.StudyInstanceUID)


def _philips(dataset: Dataset, donor: CohortDonor, visit: int) -> None:
    """A private sequence with names and a private sequence inside."""
    inner = Dataset()
    inner.private_block(0x2005, "Philips MR Imaging DD 001", create=True).add_new(0x13, "LO", donor.record_locator)
    item = Dataset()
    item.PatientName = person_name(donor)
    item.ScheduledProcedureStepDescription = f"as asked by {donor.physicians[2].family}"
    deeper = item.private_block(0x2001, "Philips Imaging DD 001", create=True)
    deeper.add_new(0x5F, "SQ", [inner])
    block = dataset.private_block(0x2001, "Philips Imaging DD 001", create=True)
    block.add_new(0x10, "SQ", [item])


def _item_as_bytes(donor: CohortDonor) -> bytes:
    """A sequence item in implicit little endian inside a value of unknown representation (PS3.5 section 6.2.2)."""
    name = donor.mother.family.encode("ascii")
    name += b" " * (len(name) % 2)
    element = b"\x10\x00\x10\x00" + len(name).to_bytes(4, "little") + name
    return b"\xfe\xff\x00\xe0" + len(element).to_bytes(4, "little") + element
