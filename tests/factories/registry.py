"""DICOM files, donations, images, datasets, requests and grants, through the registry's own actions."""

from datetime import date
from io import BytesIO
from itertools import count
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from consent.queries import identity_of
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.actors import SystemActor
from core.storage import work as storage
from core.storage.zones import Zone
from registry import actions
from registry.models import AccessRequest, Dataset, DatasetVersion, Donation, Grant, Image
from registry.queries import files_to_clean
from registry.rules.admission import AdmittedImage, AdmittedSeries
from registry.work import freeze, mark_cleaned
from tests.factories import core

CLEANER = SystemActor("cleaner")
ANSWERS = {
    "org": "nonprofit",
    "area": "health",
    "commercial": False,
    "train_model": True,
    "share_weights": False,
    "sensitive": [],
    "countries": ["GB"],
}
_numbers = count(1)


def dicom(name: str = "", birth_date: str = "", **elements: Any) -> bytes:
    """A small CT image (PS3.10) with this Patient's Name and Birth Date; each call makes another image."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = CTImageStorage, ExplicitVRLittleEndian
    meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
    dataset.Modality, dataset.PatientName, dataset.PatientID = "CT", name, "P1"
    dataset.PatientBirthDate = birth_date
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.Rows = dataset.Columns = 8
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation, dataset.SamplesPerPixel = 15, 0, 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelData = next(_numbers).to_bytes(4, "little") * 32
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def own_dicom(donor: Any, **elements: Any) -> bytes:
    """An image that carries the donor's own name and birth date, as a scanner writes them."""
    who = identity_of(donor.pk)
    assert who is not None
    return dicom(f"{who.family_name.upper()}^{who.given_name.upper()}", f"{who.birth_date:%Y%m%d}", **elements)


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP of these files."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def locked(data: bytes) -> bytes:
    """A ZIP of one file, marked as locked with a password."""
    made = bytearray(data)
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):  # APPNOTE 4.3.7 and 4.3.12
        made[made.index(signature) + flags] |= 1
    return bytes(made)


def upload(donation: Donation, data: bytes, by: User) -> list[actions.FileAnswer]:
    """Sends one file (or ZIP) to a donation."""
    return actions.add_upload(donation=donation, stream=BytesIO(data), by=by)


def user_of(donor: Any) -> User:
    """The donor's account."""
    found: User = donor.person.user
    return found


def donation(donor: Any, files: int = 1, *, submitted: bool = True) -> Donation:
    """A donation with images of the donor's own."""
    by = user_of(donor)
    made = actions.start_donation(donor=donor, by=by)
    for _ in range(files):
        upload(made, own_dicom(donor), by)
    if submitted:
        actions.submit_donation(donation=made, by=by)
    return made


def images(donor: Any, number: int = 2, labels: dict[str, Any] | None = None, **columns: Any) -> list[Image]:
    """Available images of a donor: donated, marked as cleaned, and admitted as a curator's decision would."""
    return admitted(donor, donation(donor, number), labels, **columns)


def admitted(donor: Any, given: Donation, labels: dict[str, Any] | None = None, **columns: Any) -> list[Image]:
    """The images that a donation's files become."""
    clean = []
    for file in files_to_clean(given.pk):
        mark_cleaned(file.pk, by=CLEANER)
        clean.append(_clean(donor, file.pk, **columns))
    labels = {"lesion": True} if labels is None else labels
    series = AdmittedSeries(donor.pk, donor.programme_id, clean, labels)
    actions.admit_images(series=series, by=CLEANER)
    return list(Image.objects.filter(file_id__in=[image.file_id for image in clean]))


def _clean(donor: Any, file_id: Any, **columns: Any) -> AdmittedImage:
    thing = storage.reserve(Zone.CLEAN, programme_id=donor.programme_id, donor_id=donor.pk)
    storage.write(thing, f"clean image {thing.pk}".encode(), by=CLEANER)
    plain: dict[str, Any] = {
        "study_uid": generate_uid(),
        "series_uid": generate_uid(),
        "sop_uid": generate_uid(),
        "sop_class_uid": CTImageStorage,
        "modality": "CT",
        "body_part": "CHEST",
    }
    return AdmittedImage(file_id, thing.pk, thing.sha256, thing.size or 0, **plain | columns)


def dataset(programme: Programme, **rule: Any) -> Dataset:
    """A dataset with this rule."""
    number = next(_numbers)
    return actions.create_dataset(
        programme=programme,
        slug=f"set-{number}",
        title=f"Collection {number}",
        summary="Pictures for tests.",
        rule=rule,
        by=core.user(programme, Role.STEWARD),
    )


def version(of: Dataset, bump: str = "minor") -> DatasetVersion:
    """A frozen version of what the rule selects now."""
    made = actions.freeze_version(dataset=of, bump=bump, by=core.user(of.programme, Role.STEWARD))
    freeze(made.pk)
    made.refresh_from_db()
    return made


def request(of: DatasetVersion, by: User | None = None, *, submitted: bool = True, **answers: Any) -> AccessRequest:
    """A request for a version, sent to the committee."""
    who = by or core.user(of.dataset.programme, Role.RESEARCHER, name="Rosa Researcher")
    made = actions.draft_request(
        version=of,
        title=f"Finding spots {next(_numbers)}",
        aim="We want to teach a computer to find spots.",
        institution="University of Example",
        answers={**ANSWERS, **answers},
        by=who,
    )
    if submitted:
        actions.submit_request(request=made, by=who)
    return made


def grant(of: DatasetVersion, by: User | None = None, *, signed: bool = True, **answers: Any) -> Grant:
    """A grant for a version: asked for, approved by two members, and signed."""
    asked = request(of, by, **answers)
    for _ in range(2):
        member = core.user(of.dataset.programme, Role.COMMITTEE)
        actions.cast_vote(request=asked, approves=True, reason="It helps patients.", by=member)
    given = Grant.objects.get(request=asked)
    if signed:
        actions.sign_agreement(grant=given, typed_name=str(given.researcher), by=given.researcher)
    return given


def born(donor: Any) -> date:
    """The donor's birth date."""
    who = identity_of(donor.pk)
    assert who is not None
    return who.birth_date
