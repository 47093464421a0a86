"""Curators' decisions: once, by one who may, with everything that follows, and undone by nothing but withdrawal."""

from collections.abc import Callable

import pytest

from consent import actions as consent_actions
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.audit.models import Event
from core.errors import Conflict, Invalid, NotAllowed
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from curation import actions
from curation.actions import deciding, reading
from curation.models import Derivation, Reading, Series
from curation.rules.lifecycle import SERIES_TRANSITIONS, SeriesState
from curation.work.erase import withdraw_donor
from registry.models import DonatedFile, Donation, Image
from registry.rules.lifecycle import DonationState, FileState
from tests.factories import consent, core, curation

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def curator(programme: Programme) -> User:
    return curation.curator(programme)


@pytest.fixture
def series(programme: Programme) -> Series:
    return curation.waiting_series(programme)


def test_an_accepted_series_is_in_the_registry_with_its_label(series: Series, curator: User, drain: Drain) -> None:
    curation.accept(series, by=curator, finding="lesion")
    images = Image.objects.filter(donor=series.donor)
    assert images.count() == 2
    for image in images:
        made = Derivation.objects.get(file_id=image.file_id)
        assert (image.stored_id, image.sha256, image.sop_uid) == (made.output_id, made.output_sha256, made.sop_uid)
        assert (image.labels, image.series_uid) == ({"lesion": True}, series.series_uid)
        assert image.size == made.output.size
    series.refresh_from_db()
    assert (series.state, series.finding, series.decided_by) == (SeriesState.ACCEPTED, "lesion", curator)
    drain()
    assert Donation.objects.get(pk=series.donation_id).state == DonationState.SETTLED


@pytest.mark.parametrize(("finding", "labels"), [("none", {"lesion": False}), ("", {})])
def test_what_was_not_noted_is_no_label(series: Series, curator: User, finding: str, labels: dict[str, bool]) -> None:
    curation.accept(series, by=curator, finding=finding)
    assert [image.labels for image in Image.objects.all()] == [labels, labels]


def test_of_a_rejected_series_nothing_stays_but_the_sources_in_quarantine(
    series: Series, curator: User, drain: Drain
) -> None:
    actions.reject_series(series=series, reason="writing", by=curator)
    drain()
    files = DonatedFile.objects.filter(donation_id=series.donation_id)
    assert set(files.values_list("state", "reason")) == {(FileState.QUARANTINED, "writing")}
    made = StoredObject.objects.filter(zone__in=[Zone.CLEAN, Zone.REVIEW])
    assert set(made.values_list("state", flat=True)) == {ObjectState.ERASED}
    assert StoredObject.objects.filter(zone=Zone.QUARANTINE, state=ObjectState.STORED).count() == 2
    assert not Image.objects.exists()
    assert Donation.objects.get(pk=series.donation_id).state == DonationState.SETTLED
    assert Derivation.objects.count() == 2


def test_a_donation_settles_with_its_last_series_only(programme: Programme, curator: User, drain: Drain) -> None:
    donor = consent.donor(programme)
    files = [curation.image(donor), curation.image(donor, sample="MR_small.dcm")]
    donation = curation.donation(donor, *files)
    drain()
    first, second = Series.objects.filter(donation_id=donation.pk)
    curation.accept(first, by=curator)
    drain()
    donation.refresh_from_db()
    assert donation.state == DonationState.SUBMITTED
    actions.reject_series(series=second, reason="quality", by=curator)
    drain()
    donation.refresh_from_db()
    assert donation.state == DonationState.SETTLED


def test_the_same_decision_twice_changes_nothing(series: Series, curator: User) -> None:
    for _ in range(2):
        curation.accept(series, by=curator, finding="none")
        events = Event.objects.count()
    assert Event.objects.count() == events
    assert Image.objects.count() == 2


def test_the_same_rejection_twice_changes_nothing(series: Series, curator: User, drain: Drain) -> None:
    actions.reject_series(series=series, reason="face", by=curator)
    drain()
    events = Event.objects.count()
    actions.reject_series(series=series, reason="face", by=curator)
    drain()
    assert Event.objects.count() == events


def test_of_two_curators_one_wins_and_the_other_reads_why(series: Series, programme: Programme, curator: User) -> None:
    other, stale = curation.curator(programme), Series.objects.get(pk=series.pk)
    curation.accept(series, by=curator)
    with pytest.raises(Conflict, match="Another curator has already decided on this series: it is accepted"):
        actions.reject_series(series=stale, reason="face", by=other)
    with pytest.raises(Conflict, match="You have already decided"):
        actions.reject_series(series=series, reason="face", by=curator)
    assert Image.objects.count() == 2


def test_two_at_the_very_same_moment(
    series: Series, programme: Programme, curator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have seen that nothing is decided; the state's own door lets one through."""
    other = curation.curator(programme)
    stale = Series.objects.get(pk=series.pk)
    curation.accept(series, by=curator)
    monkeypatch.setattr(reading, "hold", lambda _: None)
    with pytest.raises(Conflict, match="Someone else has just changed this series"):
        curation.accept(stale, by=other, finding="lesion")
    assert {tuple(image.labels) for image in Image.objects.all()} == {()}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CURATOR])
def test_only_a_curator_decides(series: Series, programme: Programme, role: Role) -> None:
    for by in (core.user(programme, role), core.user()):
        with pytest.raises(NotAllowed, match="Only a curator"):
            actions.accept_series(series=series, finding="", by=by)
        with pytest.raises(NotAllowed, match="Only a curator"):
            actions.reject_series(series=series, reason="face", by=by)


def test_a_curator_of_another_programme_does_not(series: Series, other_programme: Programme) -> None:
    with pytest.raises(NotAllowed):
        actions.accept_series(series=series, finding="", by=curation.curator(other_programme))


def test_nobody_decides_on_their_own_images(programme: Programme, curator: User) -> None:
    own = curation.waiting_series(programme, donor=consent.donor(programme, user=curator))
    with pytest.raises(NotAllowed, match="your own"):
        actions.accept_series(series=own, finding="", by=curator)


def test_unknown_words_are_refused(series: Series, curator: User) -> None:
    with pytest.raises(Invalid):
        actions.accept_series(series=series, finding="perhaps", by=curator)
    for reason in ("", "because", "burned_in"):
        with pytest.raises(Invalid):
            actions.reject_series(series=series, reason=reason, by=curator)
    series.refresh_from_db()
    assert series.state == SeriesState.WAITING


def test_a_decision_whose_audit_fails_did_not_happen(
    series: Series, curator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise OSError

    monkeypatch.setattr(deciding, "admit_images", broken)
    with pytest.raises(OSError):  # noqa: PT011  (any will do)
        curation.accept(series, by=curator)
    series = Series.objects.get(pk=series.pk)
    assert (series.state, series.decided_by) == (SeriesState.WAITING, None)
    assert not Reading.objects.exists()
    assert not Image.objects.exists()


def test_after_a_withdrawal_nothing_is_decided_and_nothing_is_left(series: Series, curator: User, drain: Drain) -> None:
    consent_actions.withdraw(donor=series.donor, kind="no_further_use", by=series.donor.person.user)
    with pytest.raises(Conflict, match="withdrawn"):
        curation.accept(series, by=curator)
    drain()
    series.refresh_from_db()
    assert series.state == SeriesState.WITHDRAWN
    mine = StoredObject.objects.filter(donor_id=series.donor_id)
    assert set(mine.values_list("state", flat=True)) == {ObjectState.ERASED}
    with pytest.raises(Conflict, match="withdrawn"):
        actions.reject_series(series=series, reason="face", by=curator)


@pytest.mark.parametrize("decided", ["waiting", "accepted", "rejected"])
def test_the_duty_leaves_digests_and_a_proof_and_may_run_twice(
    programme: Programme, series: Series, curator: User, decided: str
) -> None:
    stranger = curation.waiting_series(programme)
    if decided == "accepted":
        curation.accept(series, by=curator)
    elif decided == "rejected":
        actions.reject_series(series=series, reason="face", by=curator)
    proofs = [withdraw_donor(series.donor_id, series.pk, curator) for _ in range(2)]
    assert proofs[0] == proofs[1] == {"series": 1, "derivations": 2, "words": 0, "surveys": 0, "links": 0, "erased": 4}
    assert all(made.output_sha256 and made.output.state == ObjectState.ERASED for made in series.derivations.all())
    stranger.refresh_from_db()
    assert stranger.state == SeriesState.WAITING
    assert all(made.output.state == ObjectState.STORED for made in stranger.derivations.all())


def test_a_series_that_outlived_a_withdrawal_is_found_and_withdrawn(series: Series, drain: Drain) -> None:
    """As when a worker notes its result in the very moment in which the duties are done."""
    consent_actions.withdraw(donor=series.donor, kind="no_further_use", by=series.donor.person.user)
    drain()
    Series.objects.filter(pk=series.pk).update(state=SeriesState.CLEANING)
    StoredObject.objects.filter(donor_id=series.donor_id, zone=Zone.CLEAN).update(state=ObjectState.STORED)
    drain()
    series.refresh_from_db()
    assert series.state == SeriesState.WITHDRAWN
    assert not StoredObject.objects.filter(donor_id=series.donor_id, state=ObjectState.STORED).exists()


def test_every_pair_of_states_is_allowed_or_refused_as_the_table_says(series: Series, curator: User) -> None:
    from core.lifecycle import move

    for source in SeriesState:
        for target in SeriesState:
            Series.objects.filter(pk=series.pk).update(state=source)
            series.refresh_from_db()
            if target in SERIES_TRANSITIONS[source]:
                move(series, target, by=curator)
                assert Series.objects.get(pk=series.pk).state == target
            else:
                with pytest.raises(Conflict):
                    move(series, target, by=curator)
