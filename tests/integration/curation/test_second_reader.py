"""Series with a risk need two different curators' yes on the same pictures; a no is a no; nobody reads twice."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction

from consent import actions as consent_actions
from core.accounts.models import Programme, User
from core.audit.models import Event
from core.errors import Conflict, Invalid, NotAllowed
from curation import actions, queries
from curation.models import Derivation, Reading, Redaction, Series
from curation.rules.drawing import Drawing
from curation.rules.lifecycle import SeriesState
from curation.work.finish import show_again
from registry.models import Donation, Image
from registry.rules.lifecycle import DonationState
from tests.factories import consent, core, curation

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def one(programme: Programme) -> User:
    return curation.curator(programme)


@pytest.fixture
def two(programme: Programme) -> User:
    return curation.curator(programme)


@pytest.fixture
def series(programme: Programme) -> Series:
    """A series at which a person has to look closely."""
    return risky(curation.waiting_series(programme, images=1))


def risky(series: Series) -> Series:
    Series.objects.filter(pk=series.pk).update(pixel_risk="look")
    series.refresh_from_db()
    return series


def yes(series: Series, by: User, finding: str = "", **more: int) -> None:
    words = queries.unread_words(series)
    actions.accept_series(series=series, finding=finding, words=words, by=by, **more)


def whole(series: Series, image: Derivation | None = None, **other: int) -> Drawing:
    """A region that a curator may draw."""
    place = {"left": 1, "top": 2, "width": 30, "height": 10} | other
    return Drawing(image.pk if image else None, None, **place)


def test_one_yes_is_not_enough_and_the_second_takes_the_series(series: Series, one: User, two: User) -> None:
    yes(series, one)
    assert series.state == SeriesState.SECOND
    assert not Image.objects.exists()
    assert not queries.worklist(one).exists()
    assert list(queries.worklist(two)) == [series]
    yes(series, two)
    assert series.state == SeriesState.ACCEPTED
    assert Image.objects.count() == 1
    assert list(Reading.objects.values_list("curator", "round", "decision")) == [
        (one.pk, 1, "accept"),
        (two.pk, 1, "accept"),
    ]


def test_the_donation_is_open_until_the_second_yes(series: Series, one: User, two: User, drain: Drain) -> None:
    for curator, state in ((one, DonationState.SUBMITTED), (two, DonationState.SETTLED)):
        yes(series, curator)
        drain()
        assert Donation.objects.get(pk=series.donation_id).state == state


def test_nobody_reads_twice(series: Series, one: User) -> None:
    for _ in range(2):
        yes(series, one)  # the same form posted twice
    assert Reading.objects.count() == 1
    with pytest.raises(Conflict, match="You have already accepted"):
        yes(series, one, finding="lesion")
    with pytest.raises(Conflict, match="You have already accepted"):
        actions.reject_series(series=series, reason="writing", by=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(series=series, curator=one, round=1, decision="accept")


def test_what_was_said_is_not_changed_and_not_deleted(series: Series, one: User) -> None:
    yes(series, one)
    reading = Reading.objects.get()
    for deed in (reading.save, reading.delete):
        with pytest.raises(TypeError):
            deed()


def test_a_no_after_a_yes_is_a_no(series: Series, one: User, two: User, drain: Drain) -> None:
    yes(series, one)
    actions.reject_series(series=series, reason="writing", by=two)
    drain()
    assert (series.state, Image.objects.count()) == (SeriesState.REJECTED, 0)
    with pytest.raises(Conflict, match="Another curator has already decided on this series: it is rejected"):
        yes(series, curation.curator(series.programme))


def test_the_label_on_which_two_differ_is_no_label(programme: Programme, one: User, two: User) -> None:
    kept = {}
    for first, second in (("lesion", "none"), ("lesion", ""), ("none", "none")):
        series = risky(curation.waiting_series(programme, images=1))
        yes(series, one, first)
        yes(series, two, second)
        kept[first, second] = series.finding
    assert kept == {("lesion", "none"): "", ("lesion", ""): "lesion", ("none", "none"): "none"}


@pytest.mark.parametrize("what", ["held", "drawn", "sampled", "always"])
def test_a_clear_series_needs_a_second_yes_too_where_something_asks_for_it(
    programme: Programme, one: User, settings: LazySettings, what: str
) -> None:
    series = curation.waiting_series(programme, images=1)
    if what == "held":
        Series.objects.filter(pk=series.pk).update(is_held=True)
    if what == "drawn":
        image = series.derivations.get()
        Redaction.objects.create(series=series, derivation=image, left=0, top=0, width=1, height=1, drawn_by=one)
    settings.SECOND_READ_ONE_IN = 1 if what == "sampled" else 0
    settings.SECOND_READER = "always" if what == "always" else "risk"
    series.refresh_from_db()
    assert queries.second_reader_for(series) == (True, what)
    yes(series, one)
    assert series.state == SeriesState.SECOND


def test_a_programme_that_wants_no_second_reader_says_so_in_the_trail(
    series: Series, one: User, settings: LazySettings
) -> None:
    settings.SECOND_READER = "never"
    yes(series, one)
    assert series.state == SeriesState.ACCEPTED
    told = Event.objects.get(verb="curation.series.one_reader")
    assert (told.subject_id, told.actor) == (series.pk, one.actor_id)
    assert '"asks":"risk"' in told.data


def test_a_clear_series_read_by_one_leaves_no_such_note(programme: Programme, one: User) -> None:
    curation.accept(curation.waiting_series(programme, images=1), by=one)
    assert not Event.objects.filter(verb="curation.series.one_reader").exists()


def test_drawing_sends_the_series_to_a_worker_and_back_into_a_new_round(
    series: Series, one: User, two: User, settings: LazySettings
) -> None:
    yes(series, one)
    image = series.derivations.get()
    actions.redact_series(series=series, regions=[whole(series), whole(series, image)], by=two, seconds=7)
    assert series.state == SeriesState.REDACTING
    assert not queries.worklist(one).exists()
    drawn = Redaction.objects.filter(applied_at=None)
    assert set(drawn.values_list("derivation", "frame", "drawn_by")) == {(None, None, two.pk), (image.pk, None, two.pk)}
    with pytest.raises(Conflict, match="is being blanked"):
        yes(series, two)
    show_again(series)
    assert (series.state, series.round) == (SeriesState.WAITING, 2)
    with pytest.raises(Conflict, match="blanked meanwhile"):
        yes(series, one, seen=1, finding="lesion")  # a page from before
    yes(series, two, seen=2)
    assert series.state == SeriesState.SECOND
    yes(series, one, seen=2)
    assert series.state == SeriesState.ACCEPTED


def test_drawing_posted_twice_draws_once(series: Series, one: User) -> None:
    for _ in range(2):
        actions.redact_series(series=series, regions=[whole(series)] * 2, by=one, seen=1)
    assert (Redaction.objects.count(), Reading.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "place",
    [{"left": 100}, {"top": 125}, {"width": 0}, {"height": 0}, {"left": -1}, {"width": 10**9}],
    ids=lambda place: str(place),
)
def test_a_region_lies_in_the_picture(series: Series, one: User, place: dict[str, int]) -> None:
    for image in (None, series.derivations.get()):
        with pytest.raises(Invalid):
            actions.redact_series(series=series, regions=[whole(series, image, **place)], by=one)
    series.refresh_from_db()
    assert (series.state, Redaction.objects.count()) == (SeriesState.WAITING, 0)


def test_a_region_is_of_this_series_and_there_is_one(series: Series, programme: Programme, one: User) -> None:
    stranger = curation.waiting_series(programme, images=1).derivations.get()
    for regions in ([], [whole(series, stranger)], [whole(series)._replace(frame=1)], [whole(series)] * 201):
        with pytest.raises(Invalid):
            actions.redact_series(series=series, regions=regions, by=one)


def test_only_curators_draw_and_never_in_their_own_images(series: Series, programme: Programme, one: User) -> None:
    own = curation.waiting_series(programme, images=1, donor=consent.donor(programme, user=one))
    for by, which in ((core.user(programme), series), (one, own)):
        with pytest.raises(NotAllowed):
            actions.redact_series(series=which, regions=[whole(which)], by=by)


@pytest.mark.parametrize("state", ["second", "redacting"])
def test_a_withdrawal_finds_every_state(series: Series, one: User, two: User, drain: Drain, state: str) -> None:
    if state == "second":
        yes(series, one)
    else:
        actions.redact_series(series=series, regions=[whole(series)], by=one)
    consent_actions.withdraw(donor=series.donor, kind="no_further_use", by=series.donor.person.user)
    with pytest.raises(Conflict, match="withdrawn"):
        yes(series, two)
    drain()
    series.refresh_from_db()
    assert series.state == SeriesState.WITHDRAWN
    assert not Image.objects.exists()


def test_words_are_accepted_with_the_series_and_not_with_its_first_yes(
    series: Series, one: User, two: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from curation.models import StudyWords

    words = StudyWords.objects.create(
        programme=series.programme, donor=series.donor, study_uid=series.study_uid, attribute="00081030", text="chest"
    )
    yes(series, one)
    words.refresh_from_db()
    assert words.state == "open"
    with pytest.raises(Invalid, match="Read the words"):
        actions.accept_series(series=series, finding="", by=two)
    yes(series, two)
    words.refresh_from_db()
    assert (words.state, words.decided_by) == ("accepted", two)
