"""Writes a donor's identity into every public place of a dataset where scanners and hospitals put one."""

from datetime import timedelta

from pydicom.dataset import Dataset

from portal.story.cohort.donors import CohortDonor
from portal.story.cohort.uids import frame_uid, maker_of, series_uid, study_uid

MAKERS = ("SIEMENS", "GE MEDICAL SYSTEMS", "Philips Medical Systems")


def person_name(donor: CohortDonor) -> str:
    """The donor's name as the hospital wrote it: every third in capitals."""
    return donor.name.person_name(upper=donor.index % 3 == 1)


def write_patient(dataset: Dataset, donor: CohortDonor) -> None:
    """The patient modules (PS3.3 sections C.2.2 and C.2.3)."""
    dataset.PatientName = person_name(donor)
    dataset.PatientID = donor.hospital_id
    dataset.IssuerOfPatientID = donor.hospital.name
    dataset.PatientBirthDate = donor.birth_date.strftime("%Y%m%d")
    dataset.PatientSex = donor.sex
    dataset.OtherPatientIDs = donor.national_id
    dataset.OtherPatientNames = f"{donor.mother.family}^{donor.given_name}"
    dataset.PatientMotherBirthName = donor.mother.person_name()
    dataset.PatientAddress = donor.address
    dataset.PatientTelephoneNumbers = donor.phone
    dataset.PatientTelecomInformation = donor.email
    dataset.MedicalRecordLocator = donor.record_locator
    dataset.PatientWeight = 50 + donor.index % 50
    other = Dataset()
    other.PatientID, other.TypeOfPatientID = donor.national_id, "TEXT"
    other.IssuerOfPatientID = donor.hospital.name
    dataset.OtherPatientIDsSequence = [other]


def write_visit(dataset: Dataset, donor: CohortDonor, visit: int) -> None:
    """The study and series modules, with their dates and the doctors (PS3.3 sections C.7.2 and C.7.3)."""
    this = donor.visits[visit]
    day, next_day = this.day.strftime("%Y%m%d"), (this.day + timedelta(days=1)).strftime("%Y%m%d")
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study_uid(donor, visit), series_uid(donor, visit)
    dataset.FrameOfReferenceUID = frame_uid(donor, visit)
    dataset.PositionReferenceIndicator = ""
    dataset.StudyID, dataset.SeriesNumber = this.study_id, 1
    dataset.AccessionNumber = this.accession_number
    dataset.StudyDate = dataset.SeriesDate = dataset.AcquisitionDate = day
    dataset.ContentDate = dataset.InstanceCreationDate = next_day
    dataset.StudyTime = dataset.SeriesTime = dataset.AcquisitionTime = "235412.120000"
    dataset.ContentTime = "000103"
    dataset.AcquisitionDateTime = f"{day}235412.120000+0100"
    dataset.TimezoneOffsetFromUTC = "+0100"
    dataset.PerformedProcedureStepStartDate = day
    referring, performing, operator = (doctor.person_name() for doctor in donor.physicians)
    dataset.ReferringPhysicianName = referring
    dataset.PerformingPhysicianName = performing
    dataset.OperatorsName = operator


def write_equipment(dataset: Dataset, donor: CohortDonor, visit: int) -> None:
    """The equipment module: hospital, machine and its calibration (PS3.3 section C.7.5)."""
    calibrated = donor.visits[visit].day - timedelta(days=4)
    dataset.Manufacturer = MAKERS[maker_of(donor)]
    dataset.ManufacturerModelName = "Model 64"
    dataset.SoftwareVersions = "VB17"
    dataset.InstitutionName = donor.hospital.name
    dataset.InstitutionAddress = donor.hospital.address
    dataset.InstitutionalDepartmentName = f"Radiology, {donor.hospital.name}"
    dataset.StationName = donor.hospital.station
    dataset.DeviceSerialNumber = donor.hospital.serial_number
    dataset.DateOfLastCalibration = calibrated.strftime("%Y%m%d")


def write_free_text(dataset: Dataset, donor: CohortDonor, visit: int) -> None:
    """What people type: names, numbers and dates in the middle of sentences."""
    title = "Mrs" if donor.sex == "F" else "Mr"
    born, seen = donor.birth_date.strftime("%d/%m/%Y"), donor.visits[visit].day.strftime("%d.%m.%Y")
    dataset.StudyDescription = f"{donor.modality} for {title} {donor.family_name}"
    dataset.SeriesDescription = f"{donor.given_name} {donor.family_name} axial"
    dataset.ProtocolName = f"{donor.hospital.name} routine"
    dataset.ImageComments = f"Pt {donor.given_name} {donor.family_name}, DOB {born}, seen {seen}."
    dataset.PatientComments = f"Call {donor.phone}; lives at {donor.address}; NHS {donor.national_id}"
    dataset.AdditionalPatientHistory = f"Known to Dr {donor.physicians[0].family} at {donor.hospital.name}."
    dataset.RequestedProcedureDescription = f"Follow-up of {donor.hospital_id}"
