"""The pages about a form that changed: what is new, what to do, by when; and what stewards see of it."""

import re

import pytest

from consent import actions, queries
from core.accounts.models import Programme
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in, text_of
from tests.integration.consent.renewing import UNIVERSITY, later, material, name_of

pytestmark = pytest.mark.django_db


def test_a_minor_version_asks_nothing_and_is_shown(programme: Programme) -> None:
    donor = make.donor(programme)
    make.next_form(programme)
    assert queries.renewal_of(donor.pk) is None
    page = text_of(signed_in(donor.person.user).get("/my-choices/"))
    assert "We say more clearly who may use your scans." in page
    assert "You need not do anything." in page


def test_the_page_says_what_is_new_what_to_do_and_by_when(
    programme: Programme, other_programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = make.donor(programme, commercial_use=False)
    client = signed_in(donor.person.user)
    address = f"/my-choices/{donor.pk}/renew/"
    assert client.get(address)["Location"] == "/my-choices/"
    version = material(programme)
    assert address in text_of(client.get("/my-choices/"))
    assert address in text_of(client.get("/home/"))
    page = text_of(client.get(address))
    day = f"{version.renew_by.day} {version.renew_by:%B %Y}"
    for words in ("The form changed", "We say more clearly who may use", day, "Keep only what you agreed to", "Leave"):
        assert words in page
    assert signed_in(make.donor(other_programme).person.user).get(address).status_code == 404
    assert client.post(address)["Location"] == f"/my-choices/{donor.pk}/confirm/"
    confirm = f"/my-choices/{donor.pk}/confirm/"
    page = text_of(client.get(confirm))
    shown = re.search(r'name="shown" value="([^"]+)"', page)[1]
    done = client.post(confirm, {"shown": shown, "typed_name": name_of(donor), "password": core.PASSWORD})
    assert "go on giving" in text_of(client.get(done["Location"]))
    newest = donor.signatures.first()
    assert newest.form_version == version
    assert newest.choices.get("ancestry") is None
    assert newest.choices["commercial_use"] is False
    assert client.get(address)["Location"] == "/my-choices/"
    assert "You signed the changed form" in text_of(client.get("/my-choices/"))
    later(monkeypatch, 61)
    assert queries.verdict_for(donor.pk, UNIVERSITY).allowed


def test_once_it_is_over_the_page_says_so_and_stewards_see_numbers(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor, signs = make.donor(programme), make.donor(programme)
    version = material(programme)
    assert queries.progress_of(version) == queries.renewal.Progress(due=2, signed=0, overdue=0)
    actions.change_choices(
        donor=signs, choices=make.choices(ancestry=None), typed_name=name_of(signs), by=signs.person.user
    )
    later(monkeypatch, 61)
    steward = signed_in(make.steward(programme))
    page = text_of(steward.get(f"/staff/forms/{version.pk}/"))
    assert queries.progress_of(version) == queries.renewal.Progress(due=0, signed=1, overdue=1)
    assert "are overdue" in page
    assert "1 signed, 1 overdue" in text_of(steward.get("/staff/forms/"))
    assert "The day was" in text_of(signed_in(donor.person.user).get(f"/my-choices/{donor.pk}/renew/"))
