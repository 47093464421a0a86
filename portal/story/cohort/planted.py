"""Lists what was planted in a donor's files, so that the story can look for it wherever it must not be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.story.cohort import uids
from portal.story.cohort.donors import CohortDonor
from portal.story.cohort.needles import PlantedValue
from portal.story.cohort.studies import IMAGES_PER_DONOR


@dataclass(frozen=True)
class Planted:
    """A donor's planted values: `values` to be searched for everywhere, `dates` in that donor's own outputs only."""

    values: tuple[PlantedValue, ...]
    dates: tuple[PlantedValue, ...]


def planted(donor: CohortDonor) -> Planted:
    """Everything that identifies the donor and is written into their files or file names."""
    pairs = [*_names(donor), *_numbers(donor), *_hospital(donor), *_uids(donor)]
    values = tuple(PlantedValue(kind, value, donor.index) for kind, value in dict.fromkeys(pairs))
    return Planted(values, tuple(PlantedValue("date", day, donor.index) for day in _dates(donor)))


def _names(donor: CohortDonor) -> Iterator[tuple[str, str]]:
    for part in (*donor.name.parts(), *donor.mother.parts()):
        yield "name", part
    for doctor in donor.physicians:
        for part in doctor.parts():
            yield "physician", part


def _numbers(donor: CohortDonor) -> Iterator[tuple[str, str]]:
    yield "id", donor.hospital_id
    yield "id", donor.national_id
    yield "id", donor.record_locator
    yield "phone", donor.phone
    yield "email", donor.email
    yield "address", donor.address
    for part in donor.address.split(" ", 1)[1].split(" Lane, "):
        yield "address", part
    for visit in donor.visits:
        yield "accession", visit.accession_number
        yield "id", visit.study_id


def _hospital(donor: CohortDonor) -> Iterator[tuple[str, str]]:
    yield "institution", donor.hospital.name.removesuffix(" Infirmary")
    yield "institution", donor.hospital.address
    yield "device", donor.hospital.station
    yield "device", donor.hospital.serial_number


def _uids(donor: CohortDonor) -> Iterator[tuple[str, str]]:
    for visit in range(len(donor.visits)):
        for make in (uids.study_uid, uids.series_uid, uids.frame_uid, uids.scout_uid):
            yield "uid", make(donor, visit)
    for item in range(IMAGES_PER_DONOR):
        yield "uid", uids.instance_uid(donor, min(item // 2, len(donor.visits) - 1), item)


def _dates(donor: CohortDonor) -> Iterator[date]:
    yield donor.birth_date
    for visit in donor.visits:
        yield visit.day
        yield visit.day + timedelta(days=1)
        yield visit.day - timedelta(days=4)
