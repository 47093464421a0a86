"""How a donor was checked is on record; below the programme's minimum they can sign and nothing is done with it."""

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory

from consent import actions, queries
from consent.models import CurrentConsent, Donor, DonorCheck
from consent.rules.use import Organisation, Use
from core.accounts.checks import IdentityCheck, level
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.errors import Invalid, Missing, NotAllowed
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in

pytestmark = pytest.mark.django_db
UNIVERSITY = Use(hmb=True, train_model=True, commercial=False, org=Organisation.NONPROFIT, share_weights=False)


def used(donor: Donor) -> bool:
    single = queries.verdict_for(donor.pk, UNIVERSITY).allowed
    assert single == queries.permitted(UNIVERSITY, programme_id=donor.programme_id).filter(pk=donor.pk).exists()
    return single


def asks_for(programme: Programme, check: IdentityCheck) -> User:
    by = make.steward(programme)
    actions.set_programme(programme=programme, minimum_check=check, by=by)
    return by


def test_signing_notes_what_the_registry_knows(programme: Programme) -> None:
    confirmed = core.user()
    EmailAddress.objects.create(user=confirmed, email=confirmed.email, verified=True, primary=True)
    said, shown = make.donor(programme), make.donor(programme, user=confirmed)
    assert [c.identity for c in said.checks.all()] == ["self_declared"]
    assert [(c.identity, c.authority) for c in shown.checks.all()] == [("email_confirmed", "not_needed")]
    assert shown.consent.check_level == level("email_confirmed")


def test_below_the_minimum_one_can_sign_and_nothing_is_done_until_it_is_met(
    programme: Programme, other_programme: Programme
) -> None:
    early, elsewhere = make.donor(programme), make.donor(other_programme)
    assert used(early)
    by = asks_for(programme, IdentityCheck.EMAIL_CONFIRMED)
    late = make.donor(programme)
    assert not used(early)
    assert not used(late)
    assert used(elsewhere)
    assert queries.denials(UNIVERSITY, queries.active(programme.pk), programme_id=programme.pk)["CHECK"] == 2
    page = signed_in(late.person.user).get("/my-choices/").content.decode()
    assert "We have to know better who you are" in page
    assert "confirm your e-mail address" in page
    settings = f"/staff/programmes/{programme.pk}/"
    assert "2 who signed are checked less" in signed_in(by).get(settings).content.decode()
    user = late.person.user
    address = EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    email_confirmed.send(sender=EmailAddress, request=RequestFactory().get("/"), email_address=address)
    assert used(late)
    assert not used(early)
    assert "We have to know better" not in signed_in(user).get("/my-choices/").content.decode()


def test_a_steward_records_a_check_by_the_receipts_number_and_sees_no_name(
    programme: Programme, other_programme: Programme
) -> None:
    by = asks_for(programme, IdentityCheck.SITE_IN_PERSON)
    donor = make.donor(programme)
    number = donor.signatures.get().pk
    client = signed_in(by)
    sent = {"receipt": str(number), "check": "site_in_person"}
    stranger = signed_in(make.steward(other_programme))
    assert "no receipt with this number" in stranger.post("/staff/identity-checks/", sent).content.decode()
    assert not used(donor)
    page = client.post("/staff/identity-checks/", {"receipt": "what?", "check": "self_declared"}).content.decode()
    assert "not a receipt number" in page
    for _ in range(2):
        answer = client.post("/staff/identity-checks/", sent, follow=True)
        assert "on record" in answer.content.decode()
        assert "Lovelace" not in answer.content.decode()
    assert used(donor)
    assert [c.identity for c in donor.checks.all()] == ["self_declared", "site_in_person"]
    assert donor.checks.last().checked_by == by.actor_id


def test_who_may_not_record_a_check(programme: Programme) -> None:
    donor = make.donor(programme)
    receipt = donor.signatures.get().pk
    for role in (Role.CURATOR, Role.AUDITOR, Role.RESEARCHER):
        with pytest.raises(Missing):
            actions.record_check(receipt=receipt, check=IdentityCheck.SITE_IN_PERSON, by=core.user(programme, role))
    with pytest.raises(Invalid):
        actions.record_check(receipt=receipt, check=IdentityCheck.EMAIL_CONFIRMED, by=make.steward(programme))
    steward = core.user(programme, Role.STEWARD)
    own = make.donor(programme, user=steward)
    with pytest.raises(NotAllowed, match="their own identity"):
        actions.record_check(receipt=own.signatures.get().pk, check=IdentityCheck.SITE_IN_PERSON, by=steward)


def test_a_weaker_check_never_takes_a_stronger_one_away(programme: Programme) -> None:
    donor = make.donor(programme)
    by = make.steward(programme)
    actions.record_check(receipt=donor.signatures.get().pk, check=IdentityCheck.ELECTRONIC_ID, by=by)
    actions.record_check(receipt=donor.signatures.get().pk, check=IdentityCheck.SITE_IN_PERSON, by=by)
    assert CurrentConsent.objects.get(donor=donor).check_level == level("electronic_id")
    assert queries.check_of(donor.pk).strongest == IdentityCheck.ELECTRONIC_ID


def test_the_database_knows_the_checks(programme: Programme) -> None:
    donor = make.donor(programme)
    for row in ({"identity": "a hunch"}, {"identity": "electronic_id", "authority": "a hunch"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DonorCheck.objects.create(donor=donor, checked_by="test", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.filter(pk=programme.pk).update(minimum_check="a hunch")


def test_settings_refuse_what_cannot_be(programme: Programme) -> None:
    by = make.steward(programme)
    client, address = signed_in(by), f"/staff/programmes/{programme.pk}/"
    said = {
        "contact_name": "Ada",
        "contact_phone": "+44 20 7946 0000",
        "contact_hours": "Monday to Friday, 9 am to 4 pm",
        "contact_email": "ask@donara.example",
        "renewal_days": "30",
        "minimum_check": "email_confirmed",
    }
    assert "Give donors from" in client.post(address, {**said, "renewal_days": "3"}).content.decode()
    assert client.post(address, said).status_code == 302
    make.form(programme)
    page = Client().get(f"/programmes/{programme.slug}/").content.decode()
    assert "+44 20 7946 0000" in page
    assert "Monday to Friday" in page
    with pytest.raises(NotAllowed):
        actions.set_programme(programme=programme, renewal_days=30, by=core.user(programme, Role.CURATOR))
