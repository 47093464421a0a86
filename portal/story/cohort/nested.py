"""Writes identity into sequences: requests, references, doctors' addresses, and the copy of what was corrected."""

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from portal.story.cohort.donors import CohortDonor
from portal.story.cohort.identity import person_name
from portal.story.cohort.image_module import SOP_CLASSES
from portal.story.cohort.uids import scout_uid, study_uid


def write_nested(dataset: Dataset, donor: CohortDonor, visit: int) -> None:
    """Every sequence below, one item each."""
    dataset.RequestAttributesSequence = [_request(donor, visit)]
    dataset.OriginalAttributesSequence = [_corrected(donor, visit)]
    dataset.ReferringPhysicianIdentificationSequence = [_doctor(donor)]
    dataset.ReferencedImageSequence = [_reference(SOP_CLASSES[donor.modality], scout_uid(donor, visit))]
    dataset.ReferencedStudySequence = [_reference("1.2.840.10008.3.1.2.3.1", study_uid(donor, visit))]


def write_as_unknown(dataset: Dataset, donor: CohortDonor) -> None:
    """Public attributes that an old gateway sent on with the value representation UN (PS3.5 section 6.2.2)."""
    birth_name = f"{donor.mother.family}^{donor.mother.given}".encode("ascii")
    for tag, value in ((0x00101005, birth_name), (0x00321032, donor.physicians[1].family.encode("ascii"))):
        dataset.add(DataElement(tag, "UN", value + b" " * (len(value) % 2)))


def _request(donor: CohortDonor, visit: int) -> Dataset:
    """One requested procedure step, which names the patient once more two levels down."""
    deeper = Dataset()
    deeper.PatientName, deeper.PatientID = person_name(donor), donor.hospital_id
    request = Dataset()
    request.AccessionNumber = donor.visits[visit].accession_number
    request.RequestedProcedureID = donor.visits[visit].study_id
    request.RequestingPhysician = donor.physicians[0].person_name()
    request.ReferencedStudySequence = [_reference("1.2.840.10008.3.1.2.3.1", study_uid(donor, visit))]
    request.ReferencedPatientSequence = [deeper]
    return request


def _corrected(donor: CohortDonor, visit: int) -> Dataset:
    """What the archive replaced: the old name in its own character set, and the old numbers."""
    old = Dataset()
    old.SpecificCharacterSet = "ISO_IR 192"
    old.PatientName, old.PatientID = donor.name.person_name(), donor.hospital_id
    number = Dataset()
    number.PatientID, number.TypeOfPatientID = donor.national_id, "TEXT"
    old.OtherPatientIDsSequence = [number]
    outer = Dataset()
    outer.AttributeModificationDateTime = f"{donor.visits[visit].day:%Y%m%d}101500"
    outer.ModifyingSystem = donor.hospital.station
    outer.SourceOfPreviousValues = donor.hospital.name
    outer.ReasonForTheAttributeModification = "CORRECT"
    outer.ModifiedAttributesSequence = [old]
    return outer


def _doctor(donor: CohortDonor) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator = "DR1", "99LOCAL"
    code.CodeMeaning = donor.physicians[0].family
    doctor = Dataset()
    doctor.PersonIdentificationCodeSequence = [code]
    doctor.PersonAddress = donor.hospital.address
    doctor.InstitutionName = donor.hospital.name
    return doctor


def _reference(sop_class: str, instance: str) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, instance
    return item
