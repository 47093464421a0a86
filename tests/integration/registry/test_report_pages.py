"""The pages of reports: for whoever passes by, for who sees a version, for who decides, and for who has to answer."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from django.core.cache import cache
from django.test import Client

from core.accounts.models import Programme
from core.accounts.roles import Role
from registry import queries
from registry.models import HolderNotice, IdentityReport, Image
from tests.factories import consent, core
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
TOLD = {"seen": "name", "scope": "series", "identifier": "", "description": ""}


@pytest.fixture
def image(programme: Programme) -> Image:
    """An image in a version that somebody holds a grant for."""
    found = make.images(consent.donor(programme), 1)[0]
    make.grant(make.version(make.dataset(programme)))
    return found


def browser(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def state_of(image: Image) -> str:
    image.refresh_from_db()
    return image.state


def test_whoever_passes_by_reports_a_file_by_its_digest(client: Client, image: Image) -> None:
    page = client.get("/")
    assert 'href="/report/"' in page.content.decode()
    answer = client.post("/report/", {**TOLD, "identifier": f" {image.sha256.upper()} "}, follow=True)
    assert "Thank you" in answer.content.decode()
    assert state_of(image) == "recalled"


def test_the_answer_is_the_same_whether_or_not_a_file_is_ours(client: Client, image: Image) -> None:
    hit = client.post("/report/", {**TOLD, "identifier": image.sop_uid}, follow=True).content
    miss = client.post("/report/", {**TOLD, "identifier": "2.25.1"}, follow=True).content
    assert re.sub(rb'value="[^"]{64}"', b"", hit) == re.sub(rb'value="[^"]{64}"', b"", miss)


def test_a_report_that_cannot_be_used_comes_back_with_what_was_written(client: Client, image: Image) -> None:
    answer = client.post("/report/", {**TOLD, "identifier": "my file", "description": "top left"})
    assert answer.status_code == 422
    assert "SHA-256 (64 letters and digits)" in answer.content.decode()
    assert "top left" in answer.content.decode()
    assert not IdentityReport.objects.exists()


def test_of_several_programmes_one_is_chosen(client: Client, image: Image, other_programme: Programme) -> None:
    assert client.post("/report/", TOLD).status_code == 422
    assert client.post("/report/", {**TOLD, "programme": other_programme.pk}).status_code == 302
    assert IdentityReport.objects.get().programme_id == other_programme.pk


def test_too_many_reports_from_one_place_are_put_off(client: Client, image: Image, settings: Any) -> None:
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"report_identity": "2/h/ip"}
    answers = [client.post("/report/", {**TOLD, "identifier": f"2.25.{n}"}).status_code for n in range(3)]
    assert answers == [302, 302, 422]
    assert IdentityReport.objects.count() == 2
    cache.clear()


def test_from_the_deployed_settings_the_door_has_a_limit() -> None:
    assert '"report_identity": "10/h/ip"' in (Path(conf.BASE_DIR) / "config/settings.py").read_text()


def test_a_strangers_version_cannot_be_reported_there(image: Image, other_programme: Programme) -> None:
    version = queries.entries_for(make.Grant.objects.get()).get().version
    stranger = browser(core.user(other_programme, Role.RESEARCHER))
    assert stranger.get(f"/versions/{version.pk}/report/").status_code == 404
    assert stranger.post(f"/versions/{version.pk}/report/", TOLD).status_code == 404
    own = browser(make.Grant.objects.get().researcher)
    assert f"/versions/{version.pk}/report/" in own.get(f"/versions/{version.pk}/").content.decode()
    path = queries.entries_of(version).get().path
    assert own.post(f"/versions/{version.pk}/report/", {**TOLD, "identifier": path}).status_code == 302
    assert state_of(image) == "recalled"


def test_a_steward_decides_on_the_page_and_the_holder_answers_on_theirs(client: Client, image: Image) -> None:
    client.post("/report/", {**TOLD, "identifier": image.sha256, "description": "It says Ethel."})
    report, notice = IdentityReport.objects.get(), HolderNotice.objects.get()
    steward = browser(core.user(image.programme, Role.STEWARD))
    page = steward.get(f"/reports/{report.pk}/").content.decode()
    assert "It says Ethel." in page
    assert "Use of 1 image has stopped" in page
    auditor = browser(core.user(image.programme, Role.AUDITOR)).get(f"/reports/{report.pk}/").content.decode()
    assert "Ethel" not in auditor
    holder = browser(notice.grant.researcher)
    assert "Answer in time" in holder.get(f"/recalls/{notice.pk}/").content.decode()
    assert f"/recalls/{notice.pk}/" in holder.get(f"/grants/{notice.grant_id}/").content.decode()
    holder.post(f"/recalls/{notice.pk}/")
    assert "1 of 1 have answered" in steward.get(f"/reports/{report.pk}/").content.decode()
    assert steward.post(f"/reports/{report.pk}/confirm/", {}).status_code == 200
    assert steward.post(f"/reports/{report.pk}/dismiss/", {"reason": "nobody"}).status_code == 302
    assert state_of(image) == "available"
    assert "Ethel" not in steward.get(f"/reports/{report.pk}/").content.decode()
    assert "You can go on" in holder.get(f"/recalls/{notice.pk}/").content.decode()


def test_a_steward_points_at_an_image_and_a_mistake_comes_back(client: Client, image: Image) -> None:
    client.post("/report/", TOLD)
    report = IdentityReport.objects.get()
    steward = browser(core.user(image.programme, Role.STEWARD))
    assert steward.post(f"/reports/{report.pk}/point/", {"identifier": "2.25.9"}).status_code == 422
    assert steward.post(f"/reports/{report.pk}/point/", {"identifier": image.sop_uid}).status_code == 302
    assert state_of(image) == "recalled"


def test_each_reader_is_led_only_to_pages_that_they_may_open(client: Client, image: Image) -> None:
    client.post("/report/", {**TOLD, "identifier": image.sha256})
    report = IdentityReport.objects.get()
    for role in (Role.STEWARD, Role.CURATOR, Role.AUDITOR):
        reader = browser(core.user(image.programme, role))
        page = reader.get(f"/reports/{report.pk}/").content.decode()
        links = re.findall(r'<td.*?href="(/[^"]+)"', page, re.DOTALL)
        assert f"/versions/{queries.entries_of(report_version(report)).get().version_id}/" in links
        assert {reader.get(link).status_code for link in links} == {200}


def report_version(report: IdentityReport) -> Any:
    """The version that the report closed."""
    return queries.versions_of(report).get()
