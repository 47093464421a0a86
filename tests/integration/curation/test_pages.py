"""Curators' pages: what is shown to whom, and that a decision leads on to the next series."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pydicom import Dataset

from consent import actions as consent_actions
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.ids import new_id
from curation import actions, queries
from curation.models import Derivation, Series
from curation.rules.lifecycle import SeriesState
from curation.web.series import fingerprint
from registry.models import DonatedFile
from registry.work.raw import destroy_raw
from tests.factories import consent, core, curation

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def curator(programme: Programme) -> User:
    return curation.curator(programme)


@pytest.fixture
def series(programme: Programme) -> Series:
    return curation.waiting_series(programme)


def addresses(series: Series) -> dict[str, str]:
    image = series.derivations.first()
    assert image is not None
    return {
        "series": reverse("curation:series", args=[series.pk]),
        "render": reverse("curation:render", args=[image.pk]),
    }


def accepting(series: Series, curator: User, finding: str = "") -> dict[str, object]:
    """What the form on the series' page sends."""
    return shown(series, curator) | {"finding": finding, "words": fingerprint(queries.unread_words(series))}


def shown(series: Series, curator: User) -> dict[str, object]:
    """What each form says was on its page."""
    return {"shown": queries.token_for(curator, series, queries.planted_for(curator, series))}


def test_a_curator_sees_the_series_its_pictures_and_what_was_done(series: Series, curator: User) -> None:
    client = signed_in(curator)
    page = client.get(reverse("curation:worklist")).content.decode()
    where = addresses(series)
    assert where["series"] in page
    assert "1 series waits" in page
    page = client.get(where["series"]).content.decode()
    for words in ("Lesion seen", "Accept", "Reject", "private entries removed", where["render"]):
        assert words in page
    assert series.donor.person.family_name not in page
    assert str(series.donor_id) not in page


def test_a_picture_is_png_small_or_whole_and_kept_by_nobody_else(series: Series, curator: User) -> None:
    client = signed_in(curator)
    for query in ("", "?small=1"):
        answer = client.get(addresses(series)["render"] + query)
        assert answer.content.startswith(b"\x89PNG")
        assert answer["Content-Type"] == "image/png"
        assert answer["Cache-Control"].startswith("private")
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("what", ["series", "render"])
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CURATOR])
def test_other_roles_find_nothing(series: Series, programme: Programme, role: Role, what: str) -> None:
    assert signed_in(core.user(programme, role)).get(addresses(series)[what]).status_code == 404


@pytest.mark.parametrize("what", ["series", "render"])
def test_strangers_find_nothing(series: Series, programme: Programme, other_programme: Programme, what: str) -> None:
    strangers = [curation.curator(other_programme), core.user(), series.donor.person.user]
    for user in strangers:
        assert signed_in(user).get(addresses(series)[what]).status_code == 404
    assert Client().get(addresses(series)[what]).status_code == 302


def test_decisions_of_strangers_find_nothing_either(series: Series, other_programme: Programme) -> None:
    client = signed_in(curation.curator(other_programme))
    for deed, data in (
        ("accept", {"finding": ""}),
        ("reject", {"reason": "face"}),
        ("redact", {"region": "*,*,1,1,9,9"}),
    ):
        assert client.post(reverse(f"curation:{deed}", args=[series.pk]), data).status_code == 404
    series.refresh_from_db()
    assert series.state == SeriesState.WAITING


def test_a_curator_is_not_shown_their_own_images(programme: Programme, curator: User) -> None:
    own = curation.waiting_series(programme, donor=consent.donor(programme, user=curator))
    assert not queries.worklist(curator).exists()
    assert queries.waiting(curator) == []
    for address in addresses(own).values():
        assert signed_in(curator).get(address).status_code == 404


def test_the_list_and_the_single_series_agree(programme: Programme, other_programme: Programme) -> None:
    for _ in range(2):
        curation.waiting_series(programme, images=1)
        curation.waiting_series(other_programme, images=1)
    for user in (curation.curator(programme), curation.curator(other_programme), core.user(programme, Role.STEWARD)):
        listed = set(queries.worklist(user).values_list("pk", flat=True))
        client = signed_in(user)
        for series in Series.objects.all():
            found = client.get(reverse("curation:series", args=[series.pk])).status_code == 200
            assert found == (series.pk in listed)


def test_the_worklist_narrows_and_takes_any_words(programme: Programme, series: Series, curator: User) -> None:
    other = curation.waiting_series(programme, sample="MR_small.dcm")
    client, address = signed_in(curator), reverse("curation:worklist")
    page = client.get(f"{address}?modality=MR").content.decode()
    assert str(other.pk) in page
    assert str(series.pk) not in page
    for query in ("?modality=nonsense", "?risk=9", "?page=99", "?modality=%00"):
        assert client.get(address + query).status_code == 200


def test_accepting_leads_to_the_next_series_and_then_to_the_list(programme: Programme, curator: User) -> None:
    first, second = (curation.waiting_series(programme, images=1) for _ in range(2))
    client = signed_in(curator)
    answer = client.post(reverse("curation:accept", args=[first.pk]), accepting(first, curator, "lesion"))
    assert answer["Location"] == reverse("curation:series", args=[second.pk])
    answer = client.post(reverse("curation:accept", args=[second.pk]), accepting(second, curator, "none"))
    assert answer["Location"] == reverse("curation:worklist")
    assert [series.finding for series in Series.objects.order_by("pk")] == ["lesion", "none"]


def test_the_narrowing_is_kept_from_series_to_series(programme: Programme, curator: User) -> None:
    first = curation.waiting_series(programme, images=1)
    curation.waiting_series(programme, images=1, sample="MR_small.dcm")
    last = curation.waiting_series(programme, images=1)
    client = signed_in(curator)
    page = client.get(reverse("curation:series", args=[first.pk]) + "?modality=CT").content.decode()
    assert reverse("curation:accept", args=[first.pk]) + "?modality=CT" in page
    answer = client.post(reverse("curation:accept", args=[first.pk]) + "?modality=CT", accepting(first, curator))
    assert answer["Location"] == reverse("curation:series", args=[last.pk]) + "?modality=CT"


def test_rejecting_needs_a_reason_and_says_so(series: Series, curator: User) -> None:
    client, address = signed_in(curator), reverse("curation:reject", args=[series.pk])
    answer = client.post(address, {})
    assert answer.status_code == 422
    assert "Choose why the series cannot be taken" in answer.content.decode()
    assert client.post(address, {"reason": "no such"}).status_code == 422
    series.refresh_from_db()
    assert series.state == SeriesState.WAITING
    assert client.post(address, {"reason": "writing"}).status_code == 422  # from no page of ours
    assert client.post(address, shown(series, curator) | {"reason": "writing"}).status_code == 302
    series.refresh_from_db()
    assert (series.state, series.reason) == (SeriesState.REJECTED, "writing")


def test_a_form_posted_twice_is_harmless_and_another_decision_is_answered(series: Series, curator: User) -> None:
    client = signed_in(curator)
    accept = reverse("curation:accept", args=[series.pk])
    assert [client.post(accept, accepting(series, curator, "none")).status_code for _ in range(2)] == [302, 302]
    answer = client.post(reverse("curation:reject", args=[series.pk]), shown(series, curator) | {"reason": "face"})
    assert answer.status_code == 409
    assert "You have already decided on this series: it is accepted." in answer.content.decode()


def test_decisions_are_posted_with_a_token_and_never_by_a_link(series: Series, curator: User) -> None:
    for deed in ("accept", "reject", "redact"):
        address = reverse(f"curation:{deed}", args=[series.pk])
        assert signed_in(curator).get(address).status_code == 405
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(curator)
        assert strict.post(address, {"finding": "", "reason": "face"}).status_code == 403


def test_what_became_of_a_series_can_be_read_afterwards(series: Series, curator: User, drain: Drain) -> None:
    actions.reject_series(series=series, reason="writing", by=curator)
    drain()
    client = signed_in(curator)
    page = client.get(addresses(series)["series"]).content.decode()
    assert "Writing in the picture could say who the donor is." in page
    assert "The pictures have been deleted." in page
    assert '<form method="post" action="/curation' not in page
    assert client.get(addresses(series)["render"]).status_code == 404


def test_after_a_withdrawal_the_pictures_are_gone(series: Series, curator: User, drain: Drain) -> None:
    consent_actions.withdraw(donor=series.donor, kind="no_further_use", by=series.donor.person.user)
    drain()
    client = signed_in(curator)
    assert client.get(addresses(series)["series"]).status_code == 200
    assert client.get(addresses(series)["render"]).status_code == 404
    assert not queries.worklist(curator).exists()


def test_no_page_reads_quarantine(series: Series, curator: User) -> None:
    client = signed_in(curator)
    made = Derivation.objects.first()
    assert made is not None
    for pk in (made.output_id, made.render_id, made.file_id, new_id()):
        assert client.get(reverse("curation:render", args=[pk])).status_code == 404


def test_the_quarantine_list_says_why_to_curators_and_stewards_of_the_programme(
    programme: Programme, other_programme: Programme, curator: User, drain: Drain
) -> None:
    def marked(dataset: Dataset) -> None:
        dataset.SpecimenLabelInImage = "YES"

    donor = consent.donor(programme)
    curation.donation(donor, curation.image(donor, change=marked))
    drain()
    address, reason = reverse("curation:quarantine"), "The file is the photographed label or overview of a slide"
    for user in (curator, consent.steward(programme)):
        assert reason in signed_in(user).get(address).content.decode()
    for user in (curation.curator(other_programme), consent.steward(other_programme)):
        assert reason not in signed_in(user).get(address).content.decode()
    for user in (core.user(programme, Role.AUDITOR), core.user(programme, Role.RESEARCHER), donor.person.user):
        assert signed_in(user).get(address).status_code == 404
    file = DonatedFile.objects.get()
    until = (file.created_at + timedelta(days=90)).date()
    assert f'datetime="{until.isoformat()}"' in signed_in(curator).get(address).content.decode()
    DonatedFile.objects.update(created_at=timezone.now() - timedelta(days=91))
    destroy_raw()
    assert "Deleted <time" in signed_in(curator).get(address).content.decode()
    consent_actions.withdraw(donor=donor, kind="no_further_use", by=donor.person.user)
    drain()
    assert reason not in signed_in(curator).get(address).content.decode()


def test_the_inbox_has_one_line_for_all_that_waits(programme: Programme, curator: User) -> None:
    assert queries.waiting(curator) == []
    first = curation.waiting_series(programme, images=1)
    assert [line.title for line in queries.waiting(curator)] == ["A series waits for you to look at it"]
    curation.waiting_series(programme, images=1)
    (line,) = queries.waiting(curator)
    assert (line.title, line.href) == ("2 series wait for you to look at them", reverse("curation:worklist"))
    assert line.since == first.created_at
    assert queries.waiting(core.user(programme, Role.STEWARD)) == []


def test_every_page_works_with_many_series_and_without_any(programme: Programme, curator: User) -> None:
    client = signed_in(curator)
    assert "Nothing waits for you" in client.get(reverse("curation:worklist")).content.decode()
    assert "Every file was taken" in client.get(reverse("curation:quarantine")).content.decode()
    one = curation.waiting_series(programme, images=1)
    copies = [
        Series(
            programme=programme, donor=one.donor, donation_id=new_id(), series_uid=f"2.25.{number}", study_uid="2.25.1",
            modality="MR", state=SeriesState.WAITING, image_count=1,
        )
        for number in range(200)
    ]  # fmt: skip
    Series.objects.bulk_create(copies)
    page = client.get(reverse("curation:worklist")).content.decode()
    assert "201 series wait" in page
    assert "?page=2" in page
