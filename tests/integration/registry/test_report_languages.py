"""Who reports an identity, and who has to stop using images, reads it in their language: no English is left."""

from typing import Any

import pytest
from django.test import Client

from consent.actions import withdraw
from core.accounts.models import Programme
from registry import actions
from registry.models import HolderNotice, IdentityReport, Image
from registry.rules.recall import Where
from registry.work.recalling import follow
from tests.factories import consent, core
from tests.factories import registry as make
from tests.integration.consent.browsing import signed_in, text_of
from tests.integration.consent.pseudo import left, spoken

pytestmark = pytest.mark.django_db
TOLD = {"seen": "name", "scope": "series", "identifier": "", "description": ""}


@pytest.fixture
def image(programme: Programme, other_programme: Programme) -> Image:
    """An image in a version that somebody holds a grant for, where every name is in other letters."""
    Programme.objects.update(name="Πνευμονες", contact_name="Ελλη", contact_hours="9–16")
    return make.images(consent.donor(programme), 1)[0]


@pytest.fixture
def grant(image: Image, programme: Programme) -> Any:
    found = make.grant(make.version(make.dataset(programme)))
    type(found.version.dataset).objects.update(title="Εικονες")
    type(found.request).objects.update(title="Εργο")
    type(found.researcher).objects.update(display_name="Ροζα")
    return found


def test_no_english_is_left_where_an_identity_is_reported(image: Image, grant: Any, settings: Any) -> None:
    researcher = signed_in(grant.researcher)
    at = f"/versions/{grant.version_id}/report/"
    with spoken(settings):
        pages = {
            "anybody": text_of(Client().get("/report/")),
            "nothing said": text_of(Client().post("/report/", {})),
            "no file": text_of(Client().post("/report/", {**TOLD, "identifier": "!"})),
            "of a version": text_of(researcher.get(at)),
            "no such file": text_of(researcher.post(at, {**TOLD, "identifier": f"files/{grant.pk}.dcm"})),
            "thanks": text_of(researcher.get("/report/received/")),
        }
        settings.ACCOUNT_RATE_LIMITS = {"report_identity": "0/h/ip"}
        pages["too many"] = text_of(Client().post("/report/", {**TOLD, "programme": str(image.programme_id)}))
    assert left(pages) == {}


def test_no_english_is_left_where_a_holder_answers(
    image: Image, grant: Any, programme: Programme, settings: Any
) -> None:
    where = Where(sha256=image.sha256)
    report = actions.report_identity(programme=programme, where=where, seen="face", description="", by=core.SETUP)
    follow(report.pk)
    holder = signed_in(grant.researcher)
    page = f"/recalls/{HolderNotice.objects.get().pk}/"
    with spoken(settings):
        pages = {"to answer": text_of(holder.get(page)), "answered": text_of(holder.post(page, follow=True))}
        IdentityReport.objects.update(state="dismissed")
        pages["unfounded"] = text_of(holder.get(page))
    assert left(pages) == {}


def test_no_english_is_left_where_a_donor_has_withdrawn(image: Image, grant: Any, settings: Any) -> None:
    donor = image.donor
    withdraw(donor=donor, kind="no_further_use", by=donor.person.user)
    with spoken(settings):
        page = text_of(signed_in(grant.researcher).get(f"/recalls/{HolderNotice.objects.get().pk}/"))
    assert left({"withdrawn": page}) == {}
