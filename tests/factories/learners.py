"""Sixty donors with one labelled image each: the fewest on which the shipped template can learn and be tested."""

import tempfile
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from pydicom.uid import generate_uid

from consent.models import Donor
from core.accounts.models import Programme
from core.storage import work as storage
from core.storage.roles import Role
from core.storage.zones import Zone
from registry import actions
from registry.queries import files_to_clean
from registry.rules.split import Split, split_of
from registry.work import mark_cleaned
from tests.executors.cohort import make_cohort
from tests.factories import consent, registry
from tests.factories.parts import being

EACH = 20  # donors in each split, half of them with a lesion


@lru_cache(maxsize=1)
def pictures() -> tuple[bytes, ...]:
    """One slice a donor; every second one has a lesion painted in."""
    with tempfile.TemporaryDirectory() as folder:
        made = make_cohort(Path(folder) / "cohort", donors=EACH * len(Split), images=1)
        return tuple(path.read_bytes() for path in sorted((made / "files").iterdir()))


def admit(programme: Programme) -> list[Donor]:
    """Donors join until each split has its twenty; those get an image, with the label that the image shows.

    A third of them allow no commercial use.
    """
    room = dict.fromkeys(Split, EACH)
    images = list(enumerate(pictures()))
    donors = []
    while images:
        donor = consent.donor(programme, commercial_use=len(images) % 3 > 0)
        split = split_of(donor.pk)
        wanted = room[split] % 2
        found = next((pair for pair in images if pair[0] % 2 == wanted), None)
        if room[split] and found:
            images.remove(found)
            room[split] -= 1
            _admit(donor, found[1], lesion=bool(wanted))
            donors.append(donor)
    return donors


def _admit(donor: Donor, data: bytes, *, lesion: bool) -> None:
    """As a cleaner and a curator would have done with it."""
    given = registry.donation(donor, 1)
    file = files_to_clean(given.pk).get()
    mark_cleaned(file.pk, by=registry.CLEANER)
    thing = storage.reserve(Zone.CLEAN, programme_id=donor.programme_id, donor_id=donor.pk)
    with being(Role.CLEANER):
        storage.write(thing, BytesIO(data), by=registry.CLEANER)
    image = registry.AdmittedImage(
        file.pk,
        thing.pk,
        thing.sha256,
        thing.size or 0,
        study_uid=generate_uid(),
        series_uid=generate_uid(),
        sop_uid=generate_uid(),
        sop_class_uid="1.2.840.10008.5.1.4.1.1.2",
        modality="CT",
        body_part="CHEST",
    )
    series = registry.AdmittedSeries(donor.pk, donor.programme_id, [image], {"lesion": lesion})
    actions.admit_images(series=series, by=registry.CLEANER)
