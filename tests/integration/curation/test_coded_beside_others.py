"""Files that a donor's browser has cleaned, beside others: given again, withdrawn meanwhile, with a worker killed."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from pydicom import Dataset, dcmread

from consent import actions as consent_actions
from core.accounts.models import Programme
from core.due.models import DueWork
from core.due.run import run_row
from core.storage.models import StoredObject
from core.storage.work import read
from core.storage.zones import ObjectState
from curation.models import Derivation, Series
from curation.rules.lifecycle import SeriesState
from curation.tasks import ask_for_leftovers
from curation.work import erase, keep, line
from registry.actions import ask_for_copies, take_copies
from registry.models import DonatedFile, Image
from registry.rules.giving_back import Copy
from registry.rules.lifecycle import FileState
from registry.work.raw import destroy_raw
from tests.factories import coded, consent, curation
from tests.integration.curation.arrived import MISSES, SAMPLES, Drain, changed, states
from tests.integration.curation.test_kills import Killed, another_worker_takes_over, die_at, time_passes

pytestmark = pytest.mark.django_db


def test_the_same_image_coded_again_need_not_be_sent(programme: Programme, drain: Drain) -> None:
    """A browser makes of it the same bytes on another day, whatever was chosen with it."""
    donor = consent.donor(programme)
    raw = curation.image(donor)
    (data,) = coded.coded(donor, raw)
    coded.donation(donor, data)
    drain()
    again = coded.donation(donor, *coded.coded(donor, raw, curation.image(donor)))
    drain()
    assert states(again) == [(FileState.CLEANED, "")]  # of the first of the two nothing had to be sent
    assert Derivation.objects.count() == 2


@pytest.mark.parametrize("first", ["coded", "raw"])
def test_with_the_programmes_dummies_it_is_to_the_byte_what_the_worker_makes(
    programme: Programme, drain: Drain, first: str
) -> None:
    """So the same image in the other way is a duplicate, whichever came first."""
    donor = consent.donor(programme)
    raw = [curation.image(donor, sample=name) for name in SAMPLES]
    for way in (first, "raw" if first == "coded" else "coded"):
        donation = coded.begun(donor)
        files = coded.coded_alike(donation, *raw) if way == "coded" else raw
        coded.sent(donation, files, is_coded=way == "coded")
        donation = coded.sent_off(donation)
        drain()
        assert {state for state, _ in states(donation)} == {"cleaned" if way == first else "duplicate"}
    assert Derivation.objects.count() == len(SAMPLES)


def test_two_donors_of_one_hospital_have_one_dummy_for_it(programme: Programme) -> None:
    dummies, alone = set(), set()
    for donor in (consent.donor(programme), consent.donor(programme)):
        raw = curation.image(donor, change=lambda dataset: setattr(dataset, "InstitutionName", "St Mary's"))
        (shared,), (own,) = coded.coded_alike(coded.begun(donor), raw), coded.coded(donor, raw)
        dummies.add(dcmread(BytesIO(shared)).InstitutionName)
        alone.add(dcmread(BytesIO(own)).InstitutionName)
    assert (len(dummies), len(alone), dummies & alone) == (1, 2, set())


def test_a_hospital_that_is_called_as_somebody_is_not_told_to_the_server(programme: Programme) -> None:
    donor = consent.donor(programme)
    name = donor.person.family_name

    def practice(dataset: Dataset) -> None:
        dataset.InstitutionName, dataset.StationName = f"Practice {name}", "CT7"

    raw = curation.image(donor, change=practice)
    engine = coded.session(donor, raw, shared=True)
    told = [bytes.fromhex(message) for _, message in engine.clean(raw)["asks"]]
    assert b"ct7" in told
    assert not [message for message in told if name.lower().encode() in message]
    engine.lend([[kind, message, ""] for kind, message in engine.clean(raw)["asks"]])  # the server has lent enough
    assert engine.clean(raw)["data"] == coded.coded(donor, raw)[0]


def test_another_image_under_the_same_uid_stays_in_quarantine(programme: Programme, drain: Drain) -> None:
    donor = consent.donor(programme)
    (data,) = coded.coded(donor, curation.image(donor))
    other = changed(data, lambda dataset: setattr(dataset, "PixelData", bytes(len(dataset.PixelData))))
    donation = coded.donation(donor, data, other)
    drain()
    assert states(donation) == [(FileState.CLEANED, ""), (FileState.QUARANTINED, "uid_conflict")]


def test_a_file_that_came_as_it_is_knows_nothing_of_the_pseudonyms_beside_it(
    programme: Programme, drain: Drain
) -> None:
    """Half of a study comes coded, half as it is: both are cleaned to one series, by one pseudonym."""
    donor = consent.donor(programme)
    raw = [curation.image(donor) for _ in range(4)]
    donation = coded.begun(donor)
    coded.sent(donation, coded.coded(donor, *raw[:2]))
    coded.sent(donation, raw[2:], is_coded=False)
    donation = coded.sent_off(donation)
    drain()
    assert states(donation) == [(FileState.CLEANED, "")] * 4
    series = Series.objects.get()
    assert (series.image_count, series.state) == (4, SeriesState.WAITING)
    names = {str(dcmread(BytesIO(read(one.output))).PatientName) for one in series.derivations.all()}
    assert len(names) == 1


def test_what_files_beside_it_say_of_people_is_searched_for_in_it(programme: Programme, drain: Drain) -> None:
    """A browser that forgot to look through all that was chosen leaves a physician's name in a text."""

    def titled(dataset: Dataset) -> None:
        dataset.SeriesDescription = "CHEST ROUTINE"

    def signed(dataset: Dataset) -> None:
        dataset.ReferringPhysicianName = "Routine^Rosa"

    donor = consent.donor(programme)
    donation = coded.begun(donor)
    coded.sent(donation, coded.coded(donor, curation.image(donor, change=titled)))
    coded.sent(donation, [curation.image(donor, change=signed)], is_coded=False)
    donation = coded.sent_off(donation)
    drain()
    assert states(donation) == [(FileState.QUARANTINED, "coded_identity"), (FileState.CLEANED, "")]


def test_a_donor_takes_away_both_copies_and_the_one_that_came_is_destroyed_in_its_time(
    programme: Programme, drain: Drain
) -> None:
    donor, by = consent.donor(programme), curation.curator(programme)
    data, bad = coded.coded(donor, *(curation.image(donor) for _ in range(2)))
    donation = coded.donation(donor, data, changed(bad, MISSES["another's pseudonym"][0]))
    drain()
    curation.accept(Series.objects.get(), by=by)
    ask_for_copies(donor_id=donor.pk, by=donor.person.user)
    drain()
    taken = take_copies(donor_id=donor.pk, copies=Copy, by=donor.person.user)
    files = [(file.copy, b"".join(pieces or ())) for file, pieces in taken]
    assert (Copy.SENT, data) in files
    assert (Copy.CLEAN, data) in files
    assert (Copy.SENT, b"") in files  # the other, which may be somebody else's
    ago = timezone.now() - timedelta(days=15)
    Image.objects.update(accepted_at=ago)
    destroy_raw()
    DonatedFile.objects.update(created_at=ago - timedelta(days=90))
    destroy_raw()
    assert {file.stored.state for file in donation.files.all()} == {ObjectState.ERASED}
    assert read(Image.objects.get().stored) == data


@pytest.mark.parametrize("moment", ["check", "begin", "_note"])
def test_a_withdrawal_in_between_erases_all_of_it(programme: Programme, drain: Drain, moment: str) -> None:
    donor = consent.donor(programme)
    donation = coded.donation(donor, *coded.coded(donor, *(curation.image(donor) for _ in range(2))))
    where: Any = keep if moment == "_note" else line
    real, calls = getattr(where, moment), iter(range(100))

    def withdrawn(*given: Any) -> Any:
        if next(calls) == 0:
            consent_actions.withdraw(donor=donor, kind="erase", by=donor.person.user)
            drain()
        return real(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, moment, withdrawn)
        run_row(DueWork.objects.get(kind="curation.clean", done=False).pk)
    drain()
    mine = StoredObject.objects.filter(donor_id=donor.pk)
    assert {thing.state for thing in mine} == {ObjectState.ERASED}
    assert not Derivation.objects.exclude(series__state=SeriesState.WITHDRAWN).exists()
    assert set(DonatedFile.objects.filter(donation=donation).values_list("state", flat=True)) == {FileState.REMOVED}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("where", "name", "nth"), [(line, "check", 2), (line, "begin", 1), (keep, "insert", 1)])
def test_a_worker_killed_between_check_and_derivation_loses_nothing(
    programme: Programme, drain: Drain, where: object, name: str, nth: int, after: bool
) -> None:
    donor = consent.donor(programme)
    donation = coded.donation(donor, *coded.coded(donor, *(curation.image(donor) for _ in range(3))))
    with pytest.MonkeyPatch.context() as patch:
        die_at(patch, where, name, nth, after=after)
        with pytest.raises(Killed):
            run_row(DueWork.objects.get(kind="curation.clean", done=False).pk)
    another_worker_takes_over()
    drain()
    time_passes()
    ask_for_leftovers()
    drain()
    assert states(donation) == [(FileState.CLEANED, "")] * 3
    assert Derivation.objects.count() == 3
    assert not erase.left_behind().exists()
