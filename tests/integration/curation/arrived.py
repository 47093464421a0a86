"""What tests say of files that a donor's browser has cleaned."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from pydicom import Dataset, dcmread

from consent.queries import identity_of
from curation.deid import Cleaned, Deidentifier
from curation.work.examine import facts_about
from curation.work.keys import domain_of, subject_key
from registry.models import DonatedFile, Donation

Drain = Callable[[], int]
SAMPLES = ["CT_small.dcm", "693_J2KR.dcm", "rtdose_1frame.dcm"]


def states(donation: Donation) -> list[tuple[str, str]]:
    """State and reason of each file, in order."""
    return list(DonatedFile.objects.filter(donation=donation).order_by("pk").values_list("state", "reason"))


def changed(data: bytes, change: Callable[[Dataset], object]) -> bytes:
    """A coded file with one thing changed, otherwise written as the engine writes it."""
    dataset = dcmread(BytesIO(data))
    change(dataset)
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True, little_endian=True, implicit_vr=dataset.original_encoding[0])
    return out.getvalue()


def as_the_server_would(donor: Any, data: bytes) -> bytes:
    """The worker's own cleaning under the donor's key."""
    who = identity_of(donor.pk)
    assert who is not None
    made = Deidentifier(subject_key(domain_of(donor.programme_id), donor.pk), study=facts_about(who)).clean(data)
    assert isinstance(made, Cleaned)
    return made.data


MISSES: dict[str, tuple[Callable[[Dataset], object], str, str]] = {
    "an address": (lambda d: setattr(d, "PatientAddress", "12 Elm Street"), "coded_not_clean", "00101040"),
    "a hospital": (lambda d: setattr(d, "InstitutionName", "St Mary's"), "coded_not_clean", "00080080"),
    "a UID": (lambda d: setattr(d, "SeriesInstanceUID", "1.2.826.0.1.3680043.8.498.1"), "coded_not_clean", "0020000e"),
    "the name in a text": (
        lambda d: setattr(d, "SeriesDescription", "CHEST NAME"),
        "coded_identity",
        "residual_identity",
    ),
    "the name in a private element": (
        lambda d: d.private_block(0x0031, "SOMEBODY", create=True).add_new(0x01, "LO", "NAME"),
        "coded_identity",
        "private",
    ),
    "a private element": (
        lambda d: d.private_block(0x0031, "SOMEBODY", create=True).add_new(0x01, "LO", "something"),
        "coded_not_clean",
        "private",
    ),
    "an option that the profile lacks": (
        lambda d: setattr(d.DeidentificationMethodCodeSequence[-1], "CodeValue", "113110"),
        "coded_not_clean",
        "claims",
    ),
    "a picture that may show writing": (
        lambda d: setattr(d, "BurnedInAnnotation", "YES"),
        "coded_picture",
        "picture_not_clear",
    ),
    "a report": (
        lambda d: setattr(d, "SOPClassUID", "1.2.840.10008.5.1.4.1.1.104.1"),
        "encapsulated_document",
        "encapsulated_document",
    ),
    "another's pseudonym": (
        lambda d: (setattr(d, "PatientName", "D-AAAAAAAAAAAAAAAA"), setattr(d, "PatientID", "D-AAAAAAAAAAAAAAAA")),
        "coded_other",
        "00100020",
    ),
}
