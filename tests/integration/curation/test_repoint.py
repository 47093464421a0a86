"""References follow images whose pixels changed: before anything is shown, in any order, through kills, once."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from itertools import count

import pytest
from django.utils import timezone
from pydicom import Dataset, dcmread
from pydicom.uid import generate_uid

from consent import actions as consent_actions
from consent.models import Donor
from core.accounts.models import Programme
from core.due.models import DueWork
from core.due.run import run_row
from core.storage.models import StoredObject
from core.storage.work import read
from core.storage.zones import ObjectState, Zone
from curation import actions
from curation.models import Derivation, Refusal, Series
from curation.rules.drawing import Drawing
from curation.rules.lifecycle import SeriesState
from curation.tasks import ask_for_leftovers
from curation.work import clean, finish, redact, repoint
from registry.models import Donation
from registry.models import Image as RegisteredImage
from tests.factories import consent, curation

from .test_kills import Killed, another_worker_takes_over, die_at, keys_there, time_passes
from .test_pixels import burned

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


def uid(donor: Donor, name: str) -> str:
    return str(generate_uid(entropy_srcs=[str(donor.pk), name]))


def picture(donor: Donor) -> bytes:
    """An image that says whose it is, which is blanked."""
    return curation.image(donor, sop=uid(donor, "picture"), change=burned(f"{donor.person.family_name}"))


def plain(donor: Donor) -> bytes:
    return curation.image(donor, sop=uid(donor, "picture"))


def reference(donor: Donor) -> Dataset:
    link = Dataset()
    link.ReferencedSOPClassUID, link.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", uid(donor, "picture")
    return link


def report(donor: Donor) -> bytes:
    """A structured report with the image as its evidence, three levels deep (PS3.3 section C.17.2)."""

    def change(dataset: Dataset) -> None:
        study, series = Dataset(), Dataset()
        series.SeriesInstanceUID, series.ReferencedSOPSequence = uid(donor, "series"), [reference(donor)]
        study.StudyInstanceUID, study.ReferencedSeriesSequence = dataset.StudyInstanceUID, [series]
        dataset.CurrentRequestedProcedureEvidenceSequence = [study]

    return curation.image(donor, sample="reportsi.dcm", sop=uid(donor, "report"), change=change)


def derived(donor: Donor) -> bytes:
    """An image made of the other one."""

    def change(dataset: Dataset) -> None:
        dataset.SourceImageSequence = [reference(donor)]

    return curation.image(donor, sop=uid(donor, "derived"), series=uid(donor, "other series"), change=change)


def named(made: Derivation) -> str:
    """The image to which a cleaned file leads."""
    dataset = dcmread(BytesIO(read(made.output)))
    if "SourceImageSequence" in dataset:
        return str(dataset.SourceImageSequence[0].ReferencedSOPInstanceUID)
    (study,) = dataset.CurrentRequestedProcedureEvidenceSequence
    return str(study.ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID)


def parts(donor: Donor) -> tuple[Derivation, list[Derivation]]:
    """The image, and the files that lead to it."""
    made = list(Derivation.objects.filter(series__donor=donor).select_related("series", "output"))
    (image,) = [one for one in made if not _leads(one)]
    return image, [one for one in made if one.pk != image.pk]


def _leads(one: Derivation) -> bool:
    dataset = dcmread(BytesIO(read(one.output)))
    return "SourceImageSequence" in dataset or "CurrentRequestedProcedureEvidenceSequence" in dataset


def check(donor: Donor, referrers: int) -> None:
    """All lead to the image as it is now, under their own UIDs, and nothing but what is named lies in the stores."""
    image, others = parts(donor)
    assert image.sop_uid == str(dcmread(BytesIO(read(image.output))).SOPInstanceUID) != image.cleaned_uid
    assert len(others) == referrers
    for one in others:
        data = read(one.output)
        assert named(one) == image.sop_uid
        assert image.cleaned_uid.encode() not in data
        assert one.sop_uid == one.cleaned_uid == str(dcmread(BytesIO(data)).SOPInstanceUID)
        assert one.output_sha256 == hashlib.sha256(data).hexdigest() != one.cleaned_sha256
        assert one.series.state == SeriesState.WAITING
    assert not Refusal.objects.exists()
    time_passes()
    ask_for_leftovers()
    assert keys_there(Zone.CLEAN, donor.pk) == {str(one.output_id) for one in (image, *others)}


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1)])
def test_what_refers_to_a_blanked_image_follows_in_whatever_order_files_come(
    programme: Programme, drain: Drain, order: tuple[int, ...]
) -> None:
    donor = consent.donor(programme)
    files = [picture(donor), report(donor), derived(donor)]
    curation.donation(donor, *(files[at] for at in order))
    drain()
    drain()
    check(donor, 2)


@pytest.mark.parametrize("first", [picture, report])
def test_what_another_donation_of_the_study_brings_follows(
    programme: Programme, drain: Drain, first: Callable[[Donor], bytes]
) -> None:
    donor = consent.donor(programme)
    for make in sorted((picture, report), key=lambda make: make is not first):
        curation.donation(donor, make(donor))
        drain()
    drain()
    check(donor, 1)


def drawn(programme: Programme, drain: Drain) -> tuple[Donor, Series]:
    """A study whose image is shown unchanged, and in which a curator has drawn."""
    donor = consent.donor(programme)
    curation.donation(donor, plain(donor), report(donor), derived(donor))
    drain()
    image, others = parts(donor)
    assert {named(one) for one in others} == {image.cleaned_uid} == {image.sop_uid}
    assert {one.led_to for one in others} == {""}  # nothing was read where nothing had changed
    curator = curation.curator(programme)
    actions.redact_series(series=image.series, regions=[Drawing(image.pk, None, 20, 30, 40, 24)], by=curator)
    return donor, image.series


def test_what_refers_to_an_image_that_a_curator_drew_in_follows_each_time(programme: Programme, drain: Drain) -> None:
    donor, series = drawn(programme, drain)
    drain()
    drain()
    check(donor, 2)
    image, _ = parts(donor)
    series.refresh_from_db()
    curator = curation.curator(programme)
    actions.redact_series(series=series, regions=[Drawing(image.pk, None, 80, 80, 16, 16)], by=curator)
    drain()
    drain()
    check(donor, 2)
    assert parts(donor)[0].sop_uid != image.sop_uid


STAGES = [("read", False), ("write", False), ("write", True), ("_replaced", True), ("erase", True)]


@pytest.mark.parametrize(("name", "after"), STAGES)
def test_a_kill_while_references_follow_loses_nothing(
    programme: Programme, drain: Drain, name: str, after: bool
) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, report(donor), picture(donor), derived(donor))
    with pytest.MonkeyPatch.context() as patch:
        die_at(patch, repoint, name, 1, after=after)
        with pytest.raises(Killed):
            run_row(DueWork.objects.get(kind="curation.clean", done=False).pk)
    assert set(shown(donation)) == {SeriesState.CLEANING}
    another_worker_takes_over()
    drain()
    finished(drain)
    check(donor, 2)


@pytest.mark.parametrize("name", ["_note_applied", "repoint", "show_again"])
def test_a_kill_after_something_was_blanked_loses_no_reference(programme: Programme, drain: Drain, name: str) -> None:
    donor, series = drawn(programme, drain)
    for after in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            die_at(patch, redact, name, 1, after=after)
            with pytest.raises(Killed):
                redact.redact_series(series.pk)
    redact.redact_series(series.pk)
    finished(drain)
    check(donor, 2)


def shown(donation: Donation) -> list[str]:
    return list(Series.objects.filter(donation_id=donation.pk).values_list("state", flat=True))


def finished(drain: Drain) -> None:
    """What a worker that died left is erased."""
    StoredObject.objects.update(created_at=timezone.now())
    time_passes()
    ask_for_leftovers()
    drain()


def test_a_study_that_takes_several_steps_is_shown_after_the_last(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = consent.donor(programme)
    donation = curation.donation(donor, picture(donor), report(donor), derived(donor))
    clock = count()
    with monkeypatch.context() as patch:
        patch.setattr(finish, "repoint", lambda series, until: repoint.repoint(series, until=0))
        while clean.clean_donation(donation.pk) is None or clean.is_any_left(donation.pk):
            pass
        assert set(shown(donation)) == {SeriesState.CLEANING}
        assert set(Derivation.objects.values_list("led_to", flat=True)) == {""}
    with monkeypatch.context() as patch:
        patch.setattr(repoint.time, "monotonic", lambda: next(clock))
        for _ in range(2):  # a file a step
            assert not finish.finish(donation.pk, until=next(clock) + 1)
            assert set(shown(donation)) == {SeriesState.CLEANING}
        assert Derivation.objects.exclude(led_to="").count() == 2
        assert finish.finish(donation.pk, until=next(clock) + 1)
    assert set(shown(donation)) == {SeriesState.WAITING}
    check_named(donor)


def check_named(donor: Donor) -> None:
    image, others = parts(donor)
    assert {named(one) for one in others} == {image.sop_uid}


def test_a_withdrawal_in_the_middle_leaves_nothing(
    programme: Programme, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = consent.donor(programme)
    curation.donation(donor, picture(donor), report(donor))
    real = repoint.write

    def withdrawn(*args: object, **kwargs: object) -> object:
        made = real(*args, **kwargs)  # type: ignore[arg-type]  # as it was called
        consent_actions.withdraw(donor=donor, kind="no_further_use", by=donor.person.user)
        return made

    monkeypatch.setattr(repoint, "write", withdrawn)
    drain()
    finished(drain)
    assert keys_there(Zone.CLEAN, donor.pk) | keys_there(Zone.REVIEW, donor.pk) == set()


def test_what_was_accepted_stays_as_it_was_given(programme: Programme, drain: Drain) -> None:
    _, series = drawn(programme, drain)
    accepted = Series.objects.exclude(pk=series.pk).filter(modality="SR").get()
    curation.accept(accepted, by=curation.curator(programme))
    before = accepted.derivations.get()
    drain()
    drain()
    after = accepted.derivations.get()
    assert (after.output_id, after.output_sha256) == (before.output_id, before.output_sha256)
    assert RegisteredImage.objects.get().sha256 == after.output_sha256
    assert StoredObject.objects.get(pk=after.output_id).state == ObjectState.STORED


def test_a_series_in_another_workers_hands_is_left_to_it(programme: Programme, drain: Drain) -> None:
    donor, series = drawn(programme, drain)
    other = Series.objects.exclude(pk=series.pk).filter(modality="CT").get()
    held = other.derivations.get()
    curator = curation.curator(programme)
    actions.redact_series(series=other, regions=[Drawing(held.pk, None, 0, 0, 8, 8)], by=curator)
    redact.redact_series(series.pk)
    assert other.derivations.get().output_id == held.output_id
    redact.redact_series(other.pk)
    check_named(donor)
