"""Builds the DICOM files that a donor brings: one series a visit, three images in all, identity everywhere."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import UID, JPEGLSLossless, RLELossless

from portal.story.cohort import chance, identity, image_module, nested, private
from portal.story.cohort.donors import CohortDonor
from portal.story.cohort.envelope import write_envelope
from portal.story.cohort.names import plain_letters
from portal.story.cohort.slices import make_series
from portal.story.cohort.uids import instance_uid

IMAGES_PER_DONOR = 3
# A few donors bring compressed files: the remainder of their index by 37, and the transfer syntax.
_COMPRESSED = {9: RLELossless, 27: JPEGLSLossless}


@dataclass(frozen=True)
class StudyFile:
    """One file of a donor's: its path as their disc has it, with forward slashes, and its bytes."""

    filename: str
    data: bytes


def studies(donor: CohortDonor) -> list[StudyFile]:
    """The donor's three files, the same bytes at each call."""
    draw = chance.pixels(donor.seed, donor.index)
    series = make_series(draw, modality=donor.modality, count=IMAGES_PER_DONOR, lesion=donor.has_lesion)
    files = []
    for item, image in enumerate(series.images):
        visit = min(item // 2, len(donor.visits) - 1)
        dataset = _dataset(donor, visit, item, image)
        dataset.BodyPartExamined = series.region.body_part
        files.append(StudyFile(_filename(donor, visit, item), _bytes(dataset, donor)))
    return files


def _dataset(donor: CohortDonor, visit: int, item: int, image: NDArray[np.float32]) -> FileDataset:
    dataset = FileDataset("", {}, file_meta=FileMetaDataset(), preamble=b"\0" * 128)
    dataset.SpecificCharacterSet = list(donor.name.character_sets)
    dataset.SOPClassUID = image_module.SOP_CLASSES[donor.modality]
    dataset.SOPInstanceUID = instance_uid(donor, visit, item)
    dataset.Modality = donor.modality
    signed = donor.index % 2 == 0 and _compression(donor) is None
    image_module.write_image(dataset, image, modality=donor.modality, number=item + 1, signed=signed)
    identity.write_patient(dataset, donor)
    identity.write_visit(dataset, donor, visit)
    identity.write_equipment(dataset, donor, visit)
    identity.write_free_text(dataset, donor, visit)
    nested.write_nested(dataset, donor, visit)
    nested.write_as_unknown(dataset, donor)
    private.write_private(dataset, donor, visit)
    write_envelope(dataset, donor, visit)
    return dataset


def _compression(donor: CohortDonor) -> UID | None:
    return _COMPRESSED.get(donor.index % 37)


def _bytes(dataset: FileDataset, donor: CohortDonor) -> bytes:
    """The file (PS3.10), compressed for a few donors."""
    syntax = _compression(donor)
    if syntax is not None:
        dataset.compress(syntax, generate_instance_uid=False)
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _filename(donor: CohortDonor, visit: int, item: int) -> str:
    """As hospitals' discs name files: with the name and birth date, in numbered folders, by UID, or in a sentence."""
    family, given = plain_letters(donor.family_name), plain_letters(donor.given_name)
    styles = (
        f"{family}_{given}_{donor.birth_date:%Y%m%d}_{item + 1}.dcm".upper(),
        f"DICOM/ST{visit:06d}/SE000001/IM{item + 1:06d}",
        f"{instance_uid(donor, visit, item)}.dcm",
        f"Scan of {donor.given_name} {donor.family_name} {donor.visits[visit].day:%Y-%m-%d}/slice {item + 1}.DCM",
    )
    return styles[donor.index % len(styles)]
