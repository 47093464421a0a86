"""A form that names a country that does not exist is not published; what is published names places that there are."""

from typing import Any

import pytest

from consent import actions
from consent.models import FormVersion
from consent.rules.form_content import default_content, parse_content
from consent.rules.renewal import Change
from core.accounts.models import Programme
from core.errors import Invalid
from tests.factories import consent as make
from tests.integration.consent.browsing import signed_in, text_of

pytestmark = pytest.mark.django_db


def limited(*places: str) -> dict[str, Any]:
    """The default form with one more choice: only in these places."""
    content = default_content()
    where = {"code": "home", "label": "May it be used abroad?", "help": "Or only here.", "kind": "modifier"}
    content["choices"].append(where | {"term": "GS", "value": list(places)})
    return content


def draft(programme: Programme, *places: str) -> FormVersion:
    return actions.draft_form(programme=programme, slug="main", content=limited(*places), by=make.steward(programme))


@pytest.mark.parametrize("place", ["ZZ", "ZZ-CA", "XKX", "UK"])
def test_a_country_that_does_not_exist_is_not_published(programme: Programme, place: str) -> None:
    version = draft(programme, "GB", place)
    with pytest.raises(Invalid, match=f"The choice 'home' names '{place}', which is no country"):
        actions.publish_form(version=version, by=make.steward(programme))
    version.refresh_from_db()
    assert version.state == "draft"
    fixed = actions.edit_form(version=version, content=limited("GB"), by=make.steward(programme))
    assert actions.publish_form(version=fixed, by=make.steward(programme)).state == "published"


def test_countries_and_parts_of_them_are(programme: Programme) -> None:
    version = draft(programme, "gb", "DEU", "US-CA")
    assert actions.publish_form(version=version, by=make.steward(programme)).state == "published"


def test_what_is_wrong_is_said_on_the_page(programme: Programme) -> None:
    by = make.steward(programme)
    client, first = signed_in(by), draft(programme, "ZZ")
    assert "which is no country of ISO 3166" in text_of(client.post(f"/staff/forms/{first.pk}/publish/", follow=True))
    make.form(programme)
    later = draft(programme, "ZZ")
    said = {"change": Change.MATERIAL.value, "summary": "We ask where your scans may be used.", "days": "60"}
    page = text_of(client.post(f"/staff/forms/{later.pk}/publish/", said))
    assert "There is a problem" in page
    assert "The choice &#x27;home&#x27; names &#x27;ZZ&#x27;" in page
    assert not FormVersion.objects.filter(pk__in=[first.pk, later.pk]).exclude(state="draft").exists()


def test_a_form_from_before_is_still_read() -> None:
    """Who signed it keeps their receipt; such a choice permits no place (see the rules)."""
    assert parse_content(limited("ZZ")).choices[-1].value == ("ZZ",)
