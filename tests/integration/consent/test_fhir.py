"""A donor takes their own consent away as FHIR, from their page and by a program; nobody else can."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from fhir.resources.R4B.consent import Consent
from rest_framework.test import APIClient

from consent import actions
from consent.models import ConsentEvent, CurrentConsent, Donor
from consent.queries import fhir_consent
from core.accounts.actions import make_token
from core.accounts.models import Programme, User
from core.accounts.roles import Scope
from core.errors import Missing
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in
from tests.integration.consent.renewing import later, material, name_of

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    return signed_in(user)


def program(user: User, *scopes: Scope) -> APIClient:
    _, text = make_token(user=user, name="test", scopes=[scope.value for scope in scopes], days=1, by=user)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def codes(resource: dict) -> list[list[str]]:
    permits = resource["provision"].get("provision", [])
    return [[coding["code"] for coding in permit["purpose"]] for permit in permits]


def test_a_donor_keeps_their_choices_as_a_file_without_a_name(programme: Programme) -> None:
    donor = make.donor(programme, general_research=False, train_models=False)
    client = client_of(donor.person.user)
    address = f"/my-choices/{donor.pk}/consent.json"
    assert address in client.get("/my-choices/").content.decode()
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/fhir+json"
    assert "attachment" in answer.headers["Content-Disposition"]
    found = json.loads(answer.content)
    Consent.model_validate(found)
    assert found["status"] == "active"
    assert sorted(each[0] for each in codes(found)) == ["DUO:0000006", "DUO:0000007"]
    assert all("NTRAIN" in each for each in codes(found))
    person = donor.person
    for secret in (person.given_name, person.family_name, person.user.email, str(person.birth_date)):
        assert secret not in answer.content.decode()


def test_a_withdrawal_ends_every_permit_and_later_choices_begin_anew(programme: Programme) -> None:
    donor = make.donor(programme)
    user, name = donor.person.user, f"Ada {donor.person.family_name}"
    actions.change_choices(
        donor=donor, choices=make.choices(train_models=False, share_weights=None), typed_name=name, by=user
    )
    changed = ConsentEvent.objects.get(donor=donor, kind="changed")
    before = fhir_consent(user, donor.pk)
    assert {permit["period"]["start"] for permit in before["provision"]["provision"]} == {
        changed.effective_at.isoformat()
    }
    actions.withdraw(donor=donor, kind="no_further_use", by=user)
    after = fhir_consent(user, donor.pk)
    ended = CurrentConsent.objects.get(donor=donor).since.isoformat()
    assert after["status"] == "inactive"
    assert codes(after) == codes(before)
    assert {permit["period"]["end"] for permit in after["provision"]["provision"]} == {ended}


def test_a_consent_that_rests_is_not_active_and_signed_again_it_begins_anew(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = make.donor(programme)
    user = donor.person.user
    begun = fhir_consent(user, donor.pk)["dateTime"]
    version = material(programme)
    assert fhir_consent(user, donor.pk)["status"] == "active"
    later(monkeypatch, 61)
    resting = fhir_consent(user, donor.pk)
    Consent.model_validate(resting)
    assert resting["status"] == "inactive"
    assert {permit["period"]["end"] for permit in resting["provision"]["provision"]} == {version.renew_by.isoformat()}
    actions.change_choices(donor=donor, choices=make.choices(ancestry=False), typed_name=name_of(donor), by=user)
    again = fhir_consent(user, donor.pk)
    assert (again["status"], again["dateTime"] > begun) == ("active", True), "it lay between, so its period is another"


def test_whose_identity_is_not_checked_enough_permits_nothing(programme: Programme) -> None:
    donor = make.donor(programme)
    Programme.objects.filter(pk=programme.pk).update(minimum_check="site_in_person")
    found = fhir_consent(donor.person.user, donor.pk)
    Consent.model_validate(found)
    assert (found["status"], codes(found)) == ("inactive", [])


def test_allowing_new_uses_again_breaks_no_period(programme: Programme) -> None:
    donor = make.donor(programme)
    user = donor.person.user
    before = fhir_consent(user, donor.pk)
    actions.withdraw(donor=donor, kind="nothing_new", by=user)
    actions.allow_new(donor=donor, typed_name=name_of(donor), by=user)
    assert fhir_consent(user, donor.pk) == before


def test_a_program_reads_its_owners_consents_and_no_others(programme: Programme, other_programme: Programme) -> None:
    donor, other = make.donor(programme), make.donor(other_programme)
    client = program(donor.person.user, Scope.CONSENTS)
    [listed] = client.get("/api/v1/consents/").json()["results"]
    assert (listed["id"], listed["programme"], listed["state"]) == (str(donor.pk), programme.slug, "active")
    assert "training computer models (AI)" in listed["can"]
    answer = client.get(f"/api/v1/consents/{donor.pk}/fhir/")
    assert answer.headers["Content-Type"].startswith("application/fhir+json")
    Consent.model_validate(answer.json())
    assert client.get(f"/api/v1/consents/{other.pk}/fhir/").status_code == 404
    wrong = program(donor.person.user, Scope.DONATIONS)
    assert wrong.get(f"/api/v1/consents/{donor.pk}/fhir/").status_code == 403


def test_nobody_else_gets_it_not_even_staff(programme: Programme) -> None:
    donor = make.donor(programme)
    address = f"/my-choices/{donor.pk}/consent.json"
    for stranger in (make.steward(programme), make.donor(programme).person.user, core.user()):
        assert client_of(stranger).get(address).status_code == 404
        with pytest.raises(Missing):
            fhir_consent(stranger, donor.pk)
    assert Client().get(address).status_code == 302


def test_what_is_no_fhir_consent_is_not_handed_out(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    donor: Donor = make.donor(programme)
    monkeypatch.setattr("consent.queries.fhir.problems", lambda resource: ["Consent.status is missing."])
    with pytest.raises(ValueError, match="status is missing"):
        fhir_consent(donor.person.user, donor.pk)


def test_after_erasure_nobody_can_fetch_it(programme: Programme, drain: Callable[[], int]) -> None:
    donor = make.donor(programme)
    user = donor.person.user
    actions.withdraw(donor=donor, kind="erase", by=user)
    drain()
    with pytest.raises(Missing):
        fhir_consent(user, donor.pk)
