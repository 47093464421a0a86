"""Makes UIDs the way scanners do: a maker's root, the machine's number, and the time of the scan in digits."""

from portal.story.cohort.donors import CohortDonor

_ROOTS = ("1.3.12.2.1107.5", "1.2.840.113619.2.55", "1.3.46.670589.11")  # Siemens, GE, Philips


def maker_of(donor: CohortDonor) -> int:
    """Which of the three makers the donor's hospital bought from: 0 Siemens, 1 GE, 2 Philips."""
    return donor.index // 2 % len(_ROOTS)


def uid(donor: CohortDonor, visit: int, kind: int, item: int = 0) -> str:
    """A UID of this donor's (PS3.5 section 9), different for each visit, kind and item; at most 64 characters."""
    machine = donor.hospital.serial_number[2:]
    day = donor.visits[visit].day.strftime("%Y%m%d")
    return f"{_ROOTS[maker_of(donor)]}.{machine}.{day}{donor.index:06d}.{kind}.{item + 1}"


def study_uid(donor: CohortDonor, visit: int) -> str:
    """The Study Instance UID of one visit."""
    return uid(donor, visit, 1)


def series_uid(donor: CohortDonor, visit: int) -> str:
    """The Series Instance UID of one visit's only series."""
    return uid(donor, visit, 2)


def frame_uid(donor: CohortDonor, visit: int) -> str:
    """The Frame of Reference UID of one visit."""
    return uid(donor, visit, 3)


def instance_uid(donor: CohortDonor, visit: int, item: int) -> str:
    """The SOP Instance UID of one image."""
    return uid(donor, visit, 4, item)


def scout_uid(donor: CohortDonor, visit: int) -> str:
    """The UID of the scout image that the others refer to and that the donor does not bring."""
    return uid(donor, visit, 5)
