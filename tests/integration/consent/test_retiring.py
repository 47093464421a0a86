"""A form that is used no more: nobody signs it, what was signed on it stays, and the next one is compared with it."""

import pytest
from django.test import Client
from django.utils import timezone

from consent import actions, queries
from consent.models import FormVersion, Signature
from consent.rules.renewal import Change
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.errors import Conflict, Invalid, NotAllowed
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in
from tests.integration.consent.renewing import UNIVERSITY, material, name_of, reworded

pytestmark = pytest.mark.django_db


def stop(version: FormVersion) -> None:
    actions.retire_form(version=version, by=make.steward(version.form.programme))


def test_nobody_signs_it_and_what_was_signed_stays(programme: Programme, other_programme: Programme) -> None:
    donor, elsewhere, user = make.donor(programme), make.donor(other_programme), core.user()
    version = make.form(programme)
    signed = Signature.objects.get(donor=donor)
    for _ in range(2):
        stop(version)
    version.refresh_from_db()
    assert version.state == "retired"
    with pytest.raises(Conflict, match="no form that can be signed"):
        actions.sign(
            user=user, version=version, choices=make.choices(), typed_name="A B", given_name="A", family_name="B",
            birth_date=donor.person.birth_date, by=user,
        )  # fmt: skip
    with pytest.raises(Conflict, match="no form that can be signed"):
        actions.change_choices(donor=donor, choices=make.choices(), typed_name=name_of(donor), by=donor.person.user)
    assert queries.verdict_for(donor.pk, UNIVERSITY).allowed
    assert queries.published_form(other_programme.pk) == elsewhere.consent.signed_on
    client = signed_in(donor.person.user)
    assert version.content["sections"][0]["text"][0][:30] in client.get(f"/receipts/{signed.pk}/").content.decode()
    mine = client.get("/my-choices/").content.decode()
    assert "you cannot change your choices now" in mine
    assert "Change my choices" not in mine
    assert client.get("/withdraw/").status_code == 200
    assert "You cannot join at the moment" in Client().get(f"/programmes/{programme.slug}/").content.decode()


def test_the_next_form_is_compared_with_it(programme: Programme) -> None:
    """Else choices could change without anybody being asked again."""
    donor, by = make.donor(programme), make.steward(programme)
    stop(make.form(programme))
    draft = actions.draft_form(programme=programme, slug="main", content=reworded(), by=by)
    for change, summary in ((None, ""), (Change.MINOR, "A choice more than before.")):
        with pytest.raises(Invalid):
            actions.publish_form(version=draft, change=change, summary=summary, by=by)
    page = signed_in(by).get(f"/staff/forms/{draft.pk}/publish/").content.decode()
    assert "The choices are not the same" in page
    actions.publish_form(version=draft, change=Change.MATERIAL, summary="A choice more than before.", days=60, by=by)
    renewal = queries.renewal_of(donor.pk)
    assert renewal is not None
    assert renewal.version == draft


def test_who_has_to_sign_again_and_cannot_rests_from_the_day(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = make.donor(programme)
    version = material(programme)
    page = signed_in(make.steward(programme)).get(f"/staff/forms/{version.pk}/retire/").content.decode()
    assert "Donors who have to sign again cannot do so" in page
    stop(version)
    page = signed_in(donor.person.user).get(f"/my-choices/{donor.pk}/renew/").content.decode()
    assert "cannot be signed at the moment" in page
    monkeypatch.setattr(timezone, "now", lambda: version.renew_by)
    assert not queries.verdict_for(donor.pk, UNIVERSITY).allowed


def test_a_steward_stops_using_it_on_its_page(programme: Programme, other_programme: Programme) -> None:
    version, by = make.form(programme), make.steward(programme)
    address = f"/staff/forms/{version.pk}/retire/"
    client = signed_in(by)
    assert address in client.get(f"/staff/forms/{version.pk}/").content.decode()
    asked = client.get(address).content.decode()
    assert "Nobody can join the programme" in asked
    assert "Donors who have to sign again" not in asked
    assert queries.published_form(programme.pk) == version, "asking alone changes nothing"
    for stranger in (make.steward(other_programme), core.user(programme, Role.AUDITOR)):
        assert signed_in(stranger).post(address).status_code == 404
    answers = [client.post(address, follow=True).content.decode() for _ in range(2)]
    assert ["not used any more" in answer for answer in answers] == [True, False]
    assert queries.published_form(programme.pk) is None
    assert address not in client.get(f"/staff/forms/{version.pk}/").content.decode()
    with pytest.raises(NotAllowed):
        actions.retire_form(version=version, by=core.user(programme, Role.CURATOR))


def test_a_draft_cannot_be_retired(programme: Programme) -> None:
    by = make.steward(programme)
    draft = actions.draft_form(programme=programme, slug="main", content=reworded(), by=by)
    with pytest.raises(Conflict):
        actions.retire_form(version=draft, by=by)
    assert signed_in(by).post(f"/staff/forms/{draft.pk}/retire/").status_code == 302
    draft.refresh_from_db()
    assert draft.state == "draft"
