"""Planted writing: shown to one curator in place of a real picture, answered once, and never part of anything else."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent import actions as consent_actions
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.errors import Invalid, NotAllowed
from core.storage.models import StoredObject
from core.storage.work import read
from core.storage.zones import ObjectState, Zone
from curation import actions, queries, tasks
from curation.models import Probe, Reading, Series
from curation.rules.drawing import Drawing
from curation.rules.lifecycle import ProbeState, SeriesState
from curation.rules.readers import Decision
from curation.web.series import fingerprint
from curation.work.erase import left_behind
from registry.models import Image
from tests.factories import core, curation

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def curator(programme: Programme) -> User:
    return curation.curator(programme)


@pytest.fixture
def series(programme: Programme) -> Series:
    return curation.waiting_series(programme, images=2)


@pytest.fixture
def probe(series: Series, curator: User) -> Probe:
    return curation.planted(series, curator)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, user: User, series: Series, deed: str, **data: str) -> str:
    """Posts what the form of a page sends that was opened just now; where it leads."""
    token = queries.token_for(user, series, queries.planted_for(user, series))
    said = {"shown": token, "words": fingerprint(queries.unread_words(series)), **data}
    answer = client.post(reverse(f"curation:{deed}", args=[series.pk]), said)
    assert answer.status_code == 302
    return str(answer["Location"])


def pictures(client: Client, series: Series) -> dict[str, str]:
    """The digest of each picture that the series' page shows, by its address."""
    page = client.get(reverse("curation:series", args=[series.pk]))
    found = {}
    for stage in page.context["stages"]:
        found[stage["src"]] = hashlib.sha256(client.get(stage["src"]).content).hexdigest()
    return found


def real(series: Series) -> set[str]:
    return {hashlib.sha256(read(image.render)).hexdigest() for image in series.derivations.all() if image.render}


def test_a_worker_draws_into_a_copy_and_nothing_else_changes(series: Series, curator: User) -> None:
    before = {thing.pk: thing.sha256 for thing in StoredObject.objects.all()}
    probe = curation.planted(series, curator)
    assert probe.state == ProbeState.READY
    assert {thing.pk: thing.sha256 for thing in StoredObject.objects.exclude(pk=probe.render_id)} == before
    assert probe.render is not None
    assert (probe.render.zone, probe.render.donor_id) == (Zone.REVIEW, series.donor_id)
    assert probe.width > 0


def test_one_curator_sees_it_and_cannot_tell_from_the_page(series: Series, probe: Probe, curator: User) -> None:
    other, mine = curation.curator(series.programme), signed_in(curator)
    assert set(pictures(signed_in(other), series).values()) == real(series)
    shown = pictures(mine, series)
    assert len(set(shown.values()) - real(series)) == 1
    page = mine.get(reverse("curation:series", args=[series.pk])).content.decode()
    assert str(probe.pk) not in page
    assert str(probe.render_id) not in page
    assert len({len(address) for address in shown}) == 1


def test_accepting_it_counts_for_nothing_and_shows_where_it_was(series: Series, probe: Probe, curator: User) -> None:
    client = signed_in(curator)
    where = post(client, curator, series, "accept", finding="")
    assert where == reverse("curation:planted", args=[probe.pk])
    page = client.get(where).content.decode()
    assert "There was writing in this picture" in page
    assert "0 of 1 planted writing found" in page
    assert client.get(reverse("curation:planted_png", args=[probe.pk])).content.startswith(b"\x89PNG")
    series.refresh_from_db()
    assert (series.state, Reading.objects.count(), Image.objects.count()) == (SeriesState.WAITING, 0, 0)
    assert set(pictures(client, series).values()) == real(series)
    post(client, curator, series, "accept", finding="")
    series.refresh_from_db()
    assert series.state == SeriesState.ACCEPTED


@pytest.mark.parametrize(
    ("deed", "data", "state"),
    [
        ("reject", {"reason": "writing"}, ProbeState.CAUGHT),
        ("reject", {"reason": "face"}, ProbeState.VOID),
        ("redact", {"region": "*,*,0,0,128,128"}, ProbeState.CAUGHT),
    ],
)
def test_other_answers_lead_to_the_real_series(
    series: Series, probe: Probe, curator: User, deed: str, data: dict[str, str], state: str
) -> None:
    where = post(signed_in(curator), curator, series, deed, **data)
    assert where == reverse("curation:series", args=[series.pk])
    probe.refresh_from_db()
    series.refresh_from_db()
    assert (probe.state, series.state) == (state, SeriesState.WAITING)
    assert not Reading.objects.exists()
    assert not series.redactions.exists()


def test_drawing_beside_it_misses_it(series: Series, probe: Probe, curator: User) -> None:
    image = probe.derivation
    assert image is not None
    top = 0 if probe.top > 64 else 100  # writing stands along the upper or the lower edge
    beside = [Drawing(image.pk, None, 0, top, 128, 4)]
    other = [Drawing(series.derivations.exclude(pk=image.pk).get().pk, None, 0, 0, 128, 128)]
    found = actions.answer_probe(probe=probe, decision=Decision.REDACT, by=curator, regions=[*beside, *other])
    assert found == ProbeState.MISSED


def test_a_page_from_before_it_was_drawn_is_about_the_real_pictures(series: Series, curator: User) -> None:
    token = queries.token_for(curator, series, None)
    probe = curation.planted(series, curator)
    said = {"shown": token, "finding": "", "words": fingerprint(queries.unread_words(series))}
    signed_in(curator).post(reverse("curation:accept", args=[series.pk]), said)
    series.refresh_from_db()
    assert series.state == SeriesState.ACCEPTED
    tasks.ask_for_planted()
    probe.refresh_from_db()
    assert (probe.state, probe.render and StoredObject.objects.get(pk=probe.render_id).state) == ("void", "erased")


@pytest.mark.parametrize("token", ["", "1.2.3", "1..", "1.9999999999999.x", "\0", "9" * 199])
def test_no_page_no_decision(series: Series, curator: User, token: str) -> None:
    with pytest.raises(Invalid):
        queries.shown_to(curator, series, token)
    stranger = queries.token_for(curation.curator(series.programme), series, None)
    with pytest.raises(Invalid):
        queries.shown_to(curator, series, stranger)


def test_it_is_answered_by_its_curator_once(series: Series, probe: Probe, curator: User) -> None:
    with pytest.raises(NotAllowed):
        actions.answer_probe(probe=probe, decision=Decision.ACCEPT, by=curation.curator(series.programme))
    for decision in (Decision.ACCEPT, Decision.REJECT):
        found = actions.answer_probe(probe=probe, decision=decision, by=curator, reason="writing")
        assert found == ProbeState.MISSED


def test_only_its_curator_sees_where_it_was_and_not_for_ever(series: Series, curator: User) -> None:
    probe = curation.missed(series, curator)
    address = reverse("curation:planted", args=[probe.pk])
    for other in (curation.curator(series.programme), core.user(series.programme, Role.STEWARD)):
        assert signed_in(other).get(address).status_code == 404
    Probe.objects.filter(pk=probe.pk).update(ended_at=timezone.now() - timedelta(hours=1))
    tasks.ask_for_planted()
    assert signed_in(curator).get(address).status_code == 404
    probe.refresh_from_db()
    assert (probe.state, StoredObject.objects.get(pk=probe.render_id).state) == ("missed", ObjectState.ERASED)


def test_a_withdrawal_and_a_rejection_erase_it(
    series: Series, probe: Probe, programme: Programme, drain: Drain
) -> None:
    other = curation.waiting_series(programme, images=1)
    second = curation.planted(other, curation.curator(programme))
    consent_actions.withdraw(donor=series.donor, kind="no_further_use", by=series.donor.person.user)
    actions.reject_series(series=other, reason="writing", by=curation.curator(programme))
    drain()
    tasks.ask_for_planted()
    for gone in (probe, second):
        gone.refresh_from_db()
        assert gone.state == ProbeState.VOID
        assert StoredObject.objects.get(pk=gone.render_id).state == ObjectState.ERASED


def test_a_render_that_is_shown_is_not_taken_for_left_behind(probe: Probe) -> None:
    StoredObject.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert not left_behind().exists()


def test_series_are_planted_for_a_sample_of_curators_when_they_begin_to_wait(
    programme: Programme, curator: User, drain: Drain, settings: LazySettings
) -> None:
    settings.PLANTED_ONE_IN = 1
    series = curation.waiting_series(programme, images=1)
    drain()
    probe = Probe.objects.get()
    assert (probe.series, probe.curator, probe.state, probe.round) == (series, curator, ProbeState.READY, 1)
    assert queries.planted_for(curator, series) == probe


def test_stewards_read_the_rates_and_a_missing_second_curator(series: Series, curator: User) -> None:
    steward = core.user(series.programme, Role.STEWARD)
    curation.missed(series, curator)
    Series.objects.filter(pk=series.pk).update(pixel_risk="look")
    series.refresh_from_db()
    actions.accept_series(series=series, finding="", words=queries.unread_words(series), by=curator, seconds=12)
    page = signed_in(steward).get(reverse("curation:readers")).content.decode()
    assert "0 of 1 planted writing found" in page
    assert "A second curator is needed" in page
    assert [line.title for line in queries.waiting(steward)] == [
        "A series waits for a second curator, and there is none"
    ]
    assert queries.progress(curator).today == 1
    (line,) = queries.reader_lines(series.programme)
    assert (line.decisions, line.seconds) == ({"accept": 1}, 12)
