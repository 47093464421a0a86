"""A study that two accounts gave: one part of every dataset for both, and what is left of it waits when one leaves."""

from io import BytesIO
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.uid import generate_uid

from core.accounts.models import Programme
from core.due.run import drain
from registry import actions, queries
from registry.models import GivenStudy, IdentityReport, Image, VersionEntry
from registry.queries.sharing import in_one_part, shared_studies
from registry.rules.lifecycle import ImageState, ReportState
from registry.rules.split import split_of
from tests.factories import consent
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def gave(donor: Any, study: str, *, admitted: bool = True, sent: bool = True) -> list[Image]:
    """A donor gives one image of a study; it becomes an available one, if it is to be admitted."""
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)
    make.upload(donation, make.own_dicom(donor, StudyInstanceUID=study), by)
    if sent:
        actions.submit_donation(donation=donation, by=by)
    return make.admitted(donor, donation) if admitted else []


def leave(donor: Any) -> None:
    """The donor withdraws everything."""
    consent.actions.withdraw(donor=donor, kind="erase", by=make.user_of(donor))


def states(*images: Image) -> list[str]:
    """Their states now."""
    return [Image.objects.get(pk=image.pk).state for image in images]


def test_two_accounts_with_one_study_are_in_one_part(programme: Programme) -> None:
    donors = [consent.donor(programme) for _ in range(12)]
    study = generate_uid()
    for donor in donors:
        gave(donor, study)
    alone = consent.donor(programme)
    gave(alone, generate_uid())
    version = make.version(make.dataset(programme))
    parts = {entry.donor_id: entry.split for entry in VersionEntry.objects.filter(version=version)}
    assert {parts[donor.pk] for donor in donors} == {split_of(donors[0].pk)}
    assert len({split_of(donor.pk) for donor in donors}) > 1  # by themselves they would not be
    assert parts[alone.pk] == split_of(alone.pk)


def test_what_is_not_sent_or_anothers_programmes_binds_nobody(programme: Programme, other_programme: Programme) -> None:
    study = generate_uid()
    gave(consent.donor(programme), study, admitted=False)
    gave(consent.donor(programme), study, admitted=False, sent=False)
    gave(consent.donor(other_programme), study, admitted=False)
    assert shared_studies(programme.pk) == {}
    assert in_one_part(other_programme.pk) == {}
    assert len(set(GivenStudy.objects.values_list("study", flat=True))) == 2


def test_when_one_leaves_the_others_images_of_it_wait_for_a_steward(programme: Programme) -> None:
    first, second = consent.donor(programme), consent.donor(programme)
    study = generate_uid()
    gave(first, study)
    (same,) = gave(second, study)
    (other,) = gave(second, generate_uid())
    dataset = make.dataset(programme)
    make.version(dataset)
    leave(first)
    assert states(same, other) == [ImageState.RECALLED, ImageState.AVAILABLE]
    report = IdentityReport.objects.get()
    assert (report.same_study, report.state) == (True, ReportState.OPEN)
    drain()
    assert IdentityReport.objects.count() == 1
    kept = GivenStudy.objects.get(donor=first)
    assert (kept.study_key, kept.left_at is None) == ("", False)
    assert in_one_part(programme.pk)[second.pk] == first.pk
    steward = consent.steward(programme)
    actions.dismiss_report(report=report, reason="own_right", by=steward)
    assert states(same) == [ImageState.AVAILABLE]


def test_what_is_accepted_after_the_other_left_waits_too(programme: Programme) -> None:
    first, second = consent.donor(programme), consent.donor(programme)
    study = generate_uid()
    gave(first, study)
    gave(second, study, admitted=False)
    leave(first)
    assert not IdentityReport.objects.exists()
    (late,) = make.admitted(second, queries.donations_of(make.user_of(second))[0])
    assert states(late) == [ImageState.RECALLED]
    assert IdentityReport.objects.get().same_study


def test_a_relatives_disc_that_was_taken_back_stops_nothing(programme: Programme) -> None:
    mother, child = consent.donor(programme), consent.donor(programme)
    study = generate_uid()
    (image,) = gave(mother, study)
    by = make.user_of(child)
    donation = actions.start_donation(donor=child, by=by)
    make.upload(donation, make.own_dicom(mother, StudyInstanceUID=study), by)
    donation.refresh_from_db()
    actions.answer_identity(donation=donation, mine=False, by=by)
    gave(child, generate_uid())
    leave(child)
    assert states(image) == [ImageState.AVAILABLE]
    drain()
    assert not GivenStudy.objects.filter(donor=child, study=GivenStudy.objects.get(donor=mother).study).exclude(
        study_key=""
    )


def test_who_shares_nothing_leaves_nothing(programme: Programme) -> None:
    donor = consent.donor(programme)
    gave(donor, generate_uid())
    leave(donor)
    drain()
    assert not GivenStudy.objects.exists()


def test_no_study_can_be_read_from_the_table(programme: Programme) -> None:
    donor = consent.donor(programme)
    data = make.own_dicom(donor)
    make.upload(actions.start_donation(donor=donor, by=make.user_of(donor)), data, make.user_of(donor))
    row = GivenStudy.objects.get()
    assert dcmread(BytesIO(data)).StudyInstanceUID not in f"{row.study}{row.study_key}"
    assert row.study != row.study_key
