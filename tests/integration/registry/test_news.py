"""News of use: each thing is told once, at the donor's pace, to nobody who left or wants no letters."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client

from consent.models import Donor
from core.accounts.models import Programme
from core.due.models import DueWork
from core.errors import NotAllowed
from core.ids import new_id
from core.notifications.actions import choose_news as choose
from core.notifications.models import NewsChoice, Notice
from core.notifications.pace import Pace
from registry import actions, work
from registry.models import Grant, UseNews
from registry.rules.news import News
from registry.work import news
from tests.factories import consent, core
from tests.factories import registry as make
from tests.integration.registry.test_my_data import ran, released
from tests.integration.registry.test_pages import browser, text_of
from tests.integration.training_jobs.conftest import runs  # noqa: F401  (a fixture)
from training_jobs import work as jobs_work

pytestmark = pytest.mark.django_db
GRANTED = "A research project may now use your scans"
USED = "A computer has learned from your scans"
RELEASED = "Research with your scans has brought results"
DIGEST = "News of your scans"


def wants(donor: Donor, pace: Pace, *, by_mail: bool = False) -> Donor:
    user = make.user_of(donor)
    actions.choose_news(user=user, pace=pace, by_mail=by_mail, by=user)
    return donor


def titles(donor: Donor) -> list[str]:
    """What the donor was told of use, the oldest first."""
    notices = Notice.objects.filter(user=donor.person.user, dedupe__contains=":use:").order_by("pk")
    return list(notices.values_list("title", flat=True))


def given(programme: Programme, *donors: Donor) -> Grant:
    """A signed grant on a version that holds an image of each."""
    for donor in donors:
        make.images(donor, 1)
    return make.grant(make.version(make.dataset(programme)))


def a_week_later() -> None:
    UseNews.objects.update(due_at=F("due_at") - timedelta(days=7, seconds=1))


def test_each_event_is_told_once_however_often_it_is_tried(programme: Programme, drain: Callable[[], int]) -> None:
    donor = wants(consent.donor(programme), Pace.EACH)
    grant = given(programme, donor)
    drain()
    assert titles(donor) == [GRANTED]
    job = ran(programme, grant)
    drain()
    assert titles(donor) == [GRANTED, USED]
    released(job, drain, "metrics.json")
    released(job, drain, "model_card.md")
    assert titles(donor) == [GRANTED, USED, RELEASED]
    for _ in range(2):
        work.note_grant(grant.pk)
        for what in (News.USED, News.RELEASED):
            jobs_work.telling.tell_donors(job, what)
        drain()
    assert titles(donor) == [GRANTED, USED, RELEASED]
    assert UseNews.objects.count() == 3
    assert not DueWork.objects.filter(done=False, kind="registry.news_of_grant").exists()


def test_a_week_is_one_message_and_waits_for_the_week(programme: Programme, drain: Callable[[], int]) -> None:
    donor = consent.donor(programme)  # the usual: once a week, with an e-mail
    grant = given(programme, donor)
    job = ran(programme, grant)
    drain()
    assert titles(donor) == []
    a_week_later()
    drain()
    assert titles(donor) == [DIGEST]
    notice = Notice.objects.get(title=DIGEST)
    assert notice.body == "1 research project more may use your scans. A computer has learned from them 1 time."
    assert notice.emailed_at is not None
    released(job, drain, "metrics.json")
    assert titles(donor) == [DIGEST]
    a_week_later()
    drain()
    drain()
    assert titles(donor) == [DIGEST, DIGEST]


def test_who_wants_none_gets_none(programme: Programme, drain: Callable[[], int]) -> None:
    donor, late = wants(consent.donor(programme), Pace.NONE), consent.donor(programme)
    given(programme, donor, late)
    drain()
    wants(late, Pace.NONE)  # while it waits
    a_week_later()
    drain()
    assert titles(donor) == titles(late) == []


def test_who_changes_the_pace_hears_what_waits_at_once(programme: Programme, drain: Callable[[], int]) -> None:
    donor = consent.donor(programme)
    given(programme, donor)
    drain()
    wants(donor, Pace.EACH)
    drain()
    assert titles(donor) == [GRANTED]


@pytest.mark.parametrize("when", ["before", "while it waits"])
@pytest.mark.parametrize("kind", ["no_contact", "no_further_use", "erase"])
def test_nobody_who_left_or_wants_no_letters_is_told(
    programme: Programme, drain: Callable[[], int], kind: str, when: str
) -> None:
    donor, other = wants(consent.donor(programme), Pace.EACH, by_mail=True), wants(consent.donor(programme), Pace.EACH)
    user, everybody = make.user_of(donor), Donor.objects.filter(programme=programme).values("pk")
    if when == "before":
        consent.actions.withdraw(donor=donor, kind=kind, by=user)
    work.note_use(News.RELEASED, new_id(), everybody)
    assert UseNews.objects.filter(donor=donor).exists() == (when == "while it waits")
    if when == "while it waits":
        consent.actions.withdraw(donor=donor, kind=kind, by=user)
    drain()
    assert not Notice.objects.filter(user=user, title=RELEASED).exists()
    assert titles(other) == [RELEASED]
    assert not UseNews.objects.filter(donor=donor, told_at=None).exists()
    if kind != "no_contact":
        assert not UseNews.objects.filter(donor=donor).exists()
    work.note_use(News.USED, new_id(), everybody)
    drain()
    assert titles(other) == [RELEASED, USED]
    assert titles(donor) == []


def test_who_is_not_reached_or_is_a_stranger_hears_nothing(
    programme: Programme, other_programme: Programme, drain: Callable[[], int]
) -> None:
    reached = wants(consent.donor(programme), Pace.EACH)
    narrow = wants(consent.donor(programme, train_models=False, share_weights=False), Pace.EACH)
    stranger = wants(consent.donor(other_programme), Pace.EACH)
    make.images(stranger, 1)
    given(programme, reached, narrow)
    outside = wants(consent.donor(programme), Pace.EACH)
    make.images(outside, 1)
    drain()
    assert (titles(reached), titles(narrow), titles(stranger), titles(outside)) == ([GRANTED], [], [], [])


def test_an_offer_is_no_news(programme: Programme, drain: Callable[[], int]) -> None:
    donor = wants(consent.donor(programme), Pace.EACH)
    make.images(donor, 1)
    grant = make.grant(make.version(make.dataset(programme)), signed=False)
    work.note_grant(grant.pk)
    drain()
    assert titles(donor) == []


def test_two_workers_tell_once(programme: Programme, drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> None:
    donor = wants(consent.donor(programme), Pace.EACH)
    grant = given(programme, donor)
    work.note_grant(grant.pk)
    wanted = news.news_wanted
    overtaken = []

    def late(user_ids: Any) -> Any:
        if not overtaken:  # the other worker was here a moment ago
            overtaken.append(True)
            news.tell_news()
        return wanted(user_ids)

    monkeypatch.setattr(news, "news_wanted", late)
    news.tell_news()
    drain()
    assert titles(donor) == [GRANTED]


def test_nothing_is_half_told_and_one_who_fails_keeps_nobody_waiting(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = wants(consent.donor(programme), Pace.EACH)
    work.note_grant(given(programme, donor).pk)

    def broken() -> None:
        raise RuntimeError

    other = wants(consent.donor(programme), Pace.EACH)
    work.note_use(News.USED, new_id(), Donor.objects.filter(pk=other.pk).values("pk"))
    notify, failing = news.notify, make.user_of(donor).pk

    def fails_for_one(**said: Any) -> None:
        return broken() if said["user_id"] == failing else notify(**said)

    with monkeypatch.context() as patch:
        patch.setattr(news, "notify", fails_for_one)
        assert news.tell_news() == 1
    assert (titles(donor), titles(other)) == ([], [USED])
    assert UseNews.objects.filter(told_at=None).count() == 1
    news.tell_news()
    assert titles(donor) == [GRANTED]


def test_the_e_mail_is_a_link_and_no_more(programme: Programme, drain: Callable[[], int]) -> None:
    donor = wants(consent.donor(programme), Pace.EACH, by_mail=True)
    quiet = wants(consent.donor(programme), Pace.EACH)
    drain()
    mail.outbox.clear()  # what they were told about signing
    grant = given(programme, donor, quiet)
    drain()
    (message,) = [each for each in mail.outbox if make.user_of(donor).email in each.to]
    said = f"{message.subject}\n{message.body}"
    assert "/my-data/" in said
    person = donor.person
    for word in (
        person.given_name,
        person.family_name,
        person.birth_date.isoformat(),
        str(donor.pk),
        grant.request.title,
        grant.request.aim,
        programme.name,
        "scan",
        "CT",
        "CHEST",
    ):
        assert word not in said, word
    assert not [each for each in mail.outbox if make.user_of(quiet).email in each.to]


def test_the_page_says_what_holds_and_changes_it(programme: Programme) -> None:
    donor = consent.donor(programme)
    client = browser(make.user_of(donor))
    assert "once a week" in text_of(client.get("/my-data/"))
    shown = text_of(client.get("/my-data/news/"))
    assert [re.search(r'value="(\w+)"', tag)[1] for tag in re.findall(r"<input[^>]* checked[^>]*>", shown)] == [
        "weekly",
        "mail",
    ]
    said = text_of(client.post("/my-data/news/", {"pace": "each", "way": "inbox"}, follow=True))
    assert "You get a message each time." in said
    chosen = NewsChoice.objects.get()
    assert (chosen.pace, chosen.by_mail, chosen.user) == ("each", False, make.user_of(donor))
    for wrong in ({}, {"pace": "hourly", "way": "inbox"}, {"pace": "each", "way": "pigeon"}):
        assert client.post("/my-data/news/", wrong).status_code == 200
    client.post("/my-data/news/", {"pace": "none", "way": "mail"})
    assert NewsChoice.objects.get().pace == "none"
    consent.actions.withdraw(donor=donor, kind="no_contact", by=make.user_of(donor))
    assert "You asked us not to write to you" in text_of(client.get("/my-data/news/"))
    assert "You asked us not to write to you" in text_of(client.get("/my-data/"))
    assert browser(core.user()).get("/my-data/news/").status_code == 404
    assert Client().get("/my-data/news/").status_code == 302


def test_nobody_chooses_for_another_and_the_database_knows_the_paces(programme: Programme) -> None:
    user, other = core.user(), core.user()
    with pytest.raises(NotAllowed):
        choose(user=user, pace=Pace.EACH, by_mail=True, by=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        NewsChoice.objects.create(user=user, pace="hourly", by_mail=True)
    assert not NewsChoice.objects.exists()
