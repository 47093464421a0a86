"""Donated examinations and what the cleaner makes of them, through the same actions that pages use."""

from collections.abc import Callable
from io import BytesIO
from itertools import count

from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import generate_uid

from consent.models import Donor
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.due.run import drain
from core.storage.roles import Role as Process
from curation import actions as deciding
from curation import queries
from curation.models import Probe, Series
from curation.rules.lifecycle import SeriesState
from curation.rules.readers import Decision
from curation.work.plant import draw_probe
from registry import actions
from registry.models import Donation
from tests.factories import consent, core
from tests.factories.parts import being

_numbers = count(1)
Change = Callable[[Dataset], None]


def curator(programme: Programme) -> User:
    """A curator of the programme."""
    return core.user(programme, Role.CURATOR, name="Cora Curator")


def image(
    donor: Donor, *, sample: str = "CT_small.dcm", series: str = "", sop: str = "", change: Change | None = None
) -> bytes:
    """A real image with the donor's identity in it, and identifiers of its own."""
    path = get_testdata_file(sample)
    assert isinstance(path, str)
    dataset = dcmread(path)
    number = next(_numbers)
    person = donor.person
    dataset.PatientName = f"{person.family_name}^{person.given_name}"
    dataset.PatientBirthDate = f"{person.birth_date:%Y%m%d}"
    dataset.PatientID = f"HOSP{donor.pk.hex[-8:]}"
    dataset.InstanceNumber = number
    dataset.StudyInstanceUID = generate_uid(entropy_srcs=[str(donor.pk), "study"])
    dataset.SeriesInstanceUID = series or generate_uid(entropy_srcs=[str(donor.pk), sample])
    dataset.SOPInstanceUID = sop or generate_uid(entropy_srcs=[str(donor.pk), str(number)])
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    if change is not None:
        change(dataset)
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def donation(donor: Donor, *files: bytes) -> Donation:
    """A donation of these files, sent in; nothing has been cleaned yet."""
    by = donor.person.user
    given = actions.start_donation(donor=donor, by=by)
    for data in files:
        actions.add_file(donation=given, stream=BytesIO(data), by=by)
    actions.submit_donation(donation=given, by=by)
    return given


def accept(series: Series, *, by: User, finding: str = "") -> None:
    """Accepts the series, and with it all words that stay in its study; a second curator says yes where one must."""
    deciding.accept_series(series=series, finding=finding, words=queries.unread_words(series), by=by)
    if series.state == SeriesState.SECOND:
        other = curator(series.programme)
        deciding.accept_series(series=series, finding=finding, words=queries.unread_words(series), by=other)


def planted(series: Series, curator: User) -> Probe:
    """Writing that a worker has drawn into a copy of one of the series' pictures, for this curator."""
    probe = Probe.objects.create(programme_id=series.programme_id, series=series, curator=curator, round=series.round)
    with being(Process.CLEANER):
        draw_probe(probe.pk)
    probe.refresh_from_db()
    return probe


def missed(series: Series, curator: User) -> Probe:
    """Such writing that the curator did not see."""
    probe = planted(series, curator)
    deciding.answer_probe(probe=probe, decision=Decision.ACCEPT, by=curator)
    return probe


def waiting_series(
    programme: Programme, images: int = 2, *, donor: Donor | None = None, sample: str = "CT_small.dcm"
) -> Series:
    """A series of one donor that has been cleaned and waits for a curator."""
    giver = donor or consent.donor(programme)
    given = donation(giver, *(image(giver, sample=sample) for _ in range(images)))
    drain()
    return Series.objects.get(donation_id=given.pk)
