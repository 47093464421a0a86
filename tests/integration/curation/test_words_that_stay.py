"""What stays of free texts is one list a study, which a curator reads and accepts once, or refuses for good."""

from collections.abc import Callable, Iterable
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pydicom import Dataset
from pydicom.uid import generate_uid

from consent import actions as consent_actions
from consent.models import Donor
from core.accounts.models import Programme, User
from core.audit.models import Event
from core.errors import Conflict, Invalid
from curation import actions, queries
from curation.actions import deciding
from curation.models import Series, StudyWords
from curation.rules.alike import shortened
from curation.rules.attributes import name_of
from curation.rules.lifecycle import SeriesState, WordsState
from curation.web.series import fingerprint
from registry.models import Image
from tests.factories import consent, curation
from tests.factories.curation import Change

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
HEADING = "Words that stay in this study"


@pytest.fixture
def curator(programme: Programme) -> User:
    return curation.curator(programme)


@pytest.fixture
def donor(programme: Programme) -> Donor:
    return consent.donor(programme)


@pytest.fixture
def client(curator: User) -> Client:
    client = Client()
    client.force_login(curator)
    return client


def titled(title: str, study: str = "Thorax", study_uid: str = "") -> Change:
    def change(dataset: Dataset) -> None:
        dataset.SeriesDescription, dataset.StudyDescription = title, study
        del dataset.ImageComments, dataset.ContrastBolusAgent
        if study_uid:
            dataset.StudyInstanceUID = study_uid

    return change


@pytest.fixture
def study(donor: Donor, drain: Drain) -> list[Series]:
    """Two series of one study, with two images each."""
    files = [
        curation.image(donor, series=generate_uid(entropy_srcs=[title, str(donor.pk)]), change=titled(title))
        for title in ("Axial", "Coronal", "Axial", "Coronal")
    ]
    donation = curation.donation(donor, *files)
    drain()
    return list(Series.objects.filter(donation_id=donation.pk))


def page(client: Client, series: Series) -> str:
    return client.get(reverse("curation:series", args=[series.pk])).content.decode()


def posted(series: Series, curator: User, words: Iterable[UUID] = ()) -> dict[str, str]:
    """What the form sends whose page has shown these words."""
    return {"finding": "", "words": fingerprint(words), "shown": queries.token_for(curator, series, None)}


def states(series: Series) -> dict[str, str]:
    return dict(queries.words_of(series).values_list("text", "state"))


def test_a_study_has_one_list_without_repetitions(study: list[Series], client: Client) -> None:
    first, second = study
    found = list(queries.words_of(first).values_list("attribute", "text", "state"))
    assert found == [("00081030", "Thorax", "open"), ("0008103E", "Axial", "open"), ("0008103E", "Coronal", "open")]
    assert list(queries.words_of(second)) == list(queries.words_of(first))
    shown = page(client, first)
    for words in (HEADING, "Study Description", "Series Description", "Axial", "Coronal", "Accept images and words"):
        assert words in shown


def test_one_act_accepts_both_and_the_next_series_asks_nothing(
    study: list[Series], client: Client, curator: User
) -> None:
    first, second = study
    answer = client.post(
        reverse("curation:accept", args=[first.pk]), posted(first, curator, queries.unread_words(first))
    )
    assert answer["Location"] == reverse("curation:series", args=[second.pk])
    assert states(second) == dict.fromkeys(["Thorax", "Axial", "Coronal"], WordsState.ACCEPTED)
    assert set(StudyWords.objects.values_list("decided_by", flat=True)) == {curator.pk}
    shown = page(client, second)
    assert f"<h2>{HEADING}</h2>" not in shown
    assert "Accept images and words" not in shown
    assert "Words that stay in this study and were accepted" in shown
    assert client.post(reverse("curation:accept", args=[second.pk]), posted(second, curator)).status_code == 302
    assert Image.objects.count() == 4


def test_words_that_were_not_shown_are_not_accepted(study: list[Series], client: Client, curator: User) -> None:
    first = study[0]
    some = queries.unread_words(first)[:1]
    answer = client.post(reverse("curation:accept", args=[first.pk]), posted(first, curator, some))
    assert answer.status_code == 422
    assert "Read the words that stay in this study." in answer.content.decode()
    assert fingerprint(queries.unread_words(first)) in answer.content.decode()
    with pytest.raises(Invalid, match="Read the words"):
        actions.accept_series(series=first, finding="", words=some, by=curator)
    assert set(states(first).values()) == {WordsState.OPEN}
    assert not Image.objects.exists()


@pytest.mark.parametrize("words", ["", "nonsense", "\0", "0" * 64])
def test_what_stands_for_no_list_accepts_nothing(
    study: list[Series], client: Client, curator: User, words: str
) -> None:
    said = posted(study[0], curator) | {"words": words}
    answer = client.post(reverse("curation:accept", args=[study[0].pk]), said)
    assert answer.status_code == 422
    assert set(states(study[0]).values()) == {WordsState.OPEN}


def test_a_study_may_have_more_words_than_a_form_has_fields(study: list[Series], client: Client, curator: User) -> None:
    first = study[0]
    StudyWords.objects.bulk_create(
        StudyWords(
            programme_id=first.programme_id, donor_id=first.donor_id, study_uid=first.study_uid,
            attribute="00204000", text=f"Slice {number}",
        )
        for number in range(1, 2_001)
    )  # fmt: skip
    assert "Slice 1 … Slice 2000 (2,000 texts that differ in their numbers only)" in page(client, first)
    words = queries.unread_words(first)
    assert client.post(reverse("curation:accept", args=[first.pk]), posted(first, curator, words)).status_code == 302
    assert not queries.unread_words(first)


def test_all_or_nothing(study: list[Series], curator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(deciding, "admit_images", fails)
    events = Event.objects.count()
    with pytest.raises(ZeroDivisionError):
        curation.accept(study[0], by=curator)
    assert set(states(study[0]).values()) == {WordsState.OPEN}
    assert (Series.objects.get(pk=study[0].pk).state, Event.objects.count()) == (SeriesState.WAITING, events)


def test_the_audit_trail_says_who_accepted_and_no_word(study: list[Series], curator: User) -> None:
    curation.accept(study[0], by=curator)
    events = Event.objects.filter(verb="curation.studywords.accepted")
    assert events.count() == 3
    assert "Axial" not in str(list(events.values()))


def test_new_words_of_a_later_donation_ask_again_and_known_ones_do_not(
    study: list[Series], donor: Donor, client: Client, curator: User, drain: Drain
) -> None:
    for series in study:
        curation.accept(series, by=curator)
    drain()
    later = curation.image(donor, series=generate_uid(), change=titled("Axial"))
    same = curation.donation(donor, later)
    drain()
    known = Series.objects.get(donation_id=same.pk)
    assert f"<h2>{HEADING}</h2>" not in page(client, known)
    curation.accept(known, by=curator)
    drain()
    new = curation.donation(donor, curation.image(donor, series=generate_uid(), change=titled("Sagittal")))
    drain()
    asked = Series.objects.get(donation_id=new.pk)
    assert f"<h2>{HEADING}</h2>" in page(client, asked)
    assert [str(words.text) for words in queries.words_of(asked).filter(state=WordsState.OPEN)] == ["Sagittal"]
    with pytest.raises(Invalid):
        actions.accept_series(series=asked, finding="", by=curator)


def test_each_study_and_each_donor_has_a_list_of_their_own(
    programme: Programme, donor: Donor, curator: User, drain: Drain
) -> None:
    stranger = consent.donor(programme)
    for who, uid in ((donor, "2.25.77"), (donor, "2.25.78"), (stranger, "2.25.77")):
        curation.donation(who, curation.image(who, series=generate_uid(), change=titled("Axial", study_uid=uid)))
        drain()
    first, *others = Series.objects.all()
    curation.accept(first, by=curator)
    assert StudyWords.objects.filter(state=WordsState.ACCEPTED).count() == 2
    for series in others:
        assert set(states(series).values()) == {WordsState.OPEN}


def test_words_that_name_somebody_end_the_study(study: list[Series], client: Client, curator: User) -> None:
    first, second = study
    actions.reject_series(series=first, reason="words", by=curator)
    assert set(states(second).values()) == {WordsState.REJECTED}
    shown = page(client, second)
    assert "Words in this study name somebody" in shown
    assert "Reject" in shown
    assert "/accept/" not in shown
    with pytest.raises(Conflict, match="name somebody"):
        curation.accept(second, by=curator)
    actions.reject_series(series=second, reason="words", by=curator)


def test_another_reason_leaves_the_words_as_they_are(study: list[Series], curator: User) -> None:
    actions.reject_series(series=study[0], reason="quality", by=curator)
    assert set(states(study[1]).values()) == {WordsState.OPEN}
    curation.accept(study[1], by=curator)


@pytest.mark.parametrize("kind", ["no_further_use", "erase"])
def test_a_withdrawal_erases_the_words(
    study: list[Series], donor: Donor, programme: Programme, drain: Drain, kind: str
) -> None:
    stranger = consent.donor(programme)
    curation.donation(stranger, curation.image(stranger, change=titled("Axial")))
    drain()
    consent_actions.withdraw(donor=donor, kind=kind, by=donor.person.user)
    drain()
    assert set(StudyWords.objects.values_list("donor", flat=True)) == {stranger.pk}


def test_the_database_takes_no_words_twice(study: list[Series]) -> None:
    words = StudyWords.objects.all()[0]
    copy = StudyWords(
        programme=words.programme, donor=words.donor, study_uid=words.study_uid, attribute=words.attribute,
        text=words.text,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_a_study_without_words_asks_nothing(donor: Donor, client: Client, curator: User, drain: Drain) -> None:
    def untitled(dataset: Dataset) -> None:
        del dataset.ImageComments, dataset.ContrastBolusAgent

    donation = curation.donation(donor, curation.image(donor, change=untitled))
    drain()
    series = Series.objects.get(donation_id=donation.pk)
    assert not queries.words_of(series).exists()
    assert HEADING not in page(client, series)
    actions.accept_series(series=series, finding="", by=curator)


@pytest.mark.parametrize(
    ("code", "name"),
    [("0008103E", "Series Description"), ("00291010", "(0029,1010)"), ("nonsense", "(nons,ense)")],
)
def test_attributes_are_called_as_in_the_standard(code: str, name: str) -> None:
    assert name_of(code) == name


def test_texts_that_differ_in_numbers_only_are_shown_as_one_line() -> None:
    texts = ["Coronal", *(f"Slice {n} of 12" for n in (10, 2, 9, 1)), "Level L1", "Level L2", "Level L3"]
    told = "Slice 1 of 12 … Slice 10 of 12 (4 texts that differ in their numbers only)"
    assert shortened(texts) == ["Coronal", told, "Level L1", "Level L2", "Level L3"]
    assert shortened([]) == []
