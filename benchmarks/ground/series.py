"""A scanner's series to measure with: one donor's CT slices of 528 KB, given through the same actions as a person's."""

import hashlib
import io
from typing import Any

import numpy as np
import pydicom
from pydicom.uid import UID

from benchmarks.ground.slices import EDGE, enlarged


def ct_series(person: Any, count: int) -> list[bytes]:
    """`count` slices of one series of this donor of the story, alike but for their instance and their pixels."""
    from portal.story.cohort import studies

    dataset = pydicom.dcmread(io.BytesIO(enlarged(studies(person)[0].data, 0)))
    pixels = np.frombuffer(dataset.PixelData, dtype=np.uint16).reshape(EDGE, EDGE)
    stem = dataset.SOPInstanceUID[:58].rstrip(".")
    return [_slice(dataset, np.roll(pixels, number), f"{stem}.{number}", number) for number in range(1, count + 1)]


def _slice(dataset: pydicom.Dataset, pixels: Any, uid: str, number: int) -> bytes:
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(uid)
    dataset.InstanceNumber = number
    dataset.PixelData = pixels.tobytes()
    out = io.BytesIO()
    pydicom.dcmwrite(out, dataset, implicit_vr=False, little_endian=True, enforce_file_format=True)
    return out.getvalue()


def give(member: Any, files: list[bytes]) -> Any:
    """The donor's files, uploaded and sent in: they lie in quarantine, and nothing has been cleaned."""
    from consent.queries import donors_of
    from registry.actions import add_file, start_donation, submit_donation

    donation = start_donation(donor=donors_of(member.user).get(), by=member.user)
    for data in files:
        add_file(donation=donation, stream=io.BytesIO(data), by=member.user)
    submit_donation(donation=donation, by=member.user)
    return donation


def least(donation: Any) -> None:
    """The floor: the donation's objects read, hashed, and as much written again as cleaning writes, one by one."""
    from core.ids import new_id
    from core.storage.store import store
    from core.storage.zones import Zone

    for key in donation.files.values_list("stored_id", flat=True):
        with store().open(Zone.QUARANTINE, str(key)) as stream:
            data = stream.read()
        hashlib.sha256(data).hexdigest()
        for zone, part in ((Zone.CLEAN, data), (Zone.REVIEW, data[: len(data) // 4])):
            hashlib.sha256(part).hexdigest()
            store().put(zone, str(new_id()), io.BytesIO(part))
