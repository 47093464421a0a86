"""Roles and tokens on their pages: given by stewards, shown once, ended at once, and nobody else's."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.models import ApiToken, Membership, Programme, User
from core.accounts.roles import Role
from tests.factories import core

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def give(client: Client, programme: Programme, user: User, role: Role = Role.CURATOR) -> str:
    sent = {"programme": str(programme.pk), "email": user.email, "role": role.value}
    return client.post("/staff/people/", sent, follow=True).content.decode()


def test_a_steward_gives_and_ends_a_role(programme: Programme) -> None:
    steward, other = signed_in(core.user(programme, Role.STEWARD)), core.user()
    assert "The role is given" in give(steward, programme, other)
    assert "holds this role already" in give(steward, programme, other)
    held = Membership.objects.get(user=other)
    assert "The role has ended" in steward.post(f"/staff/people/{held.pk}/end/", follow=True).content.decode()
    held.refresh_from_db()
    assert held.until is not None
    assert steward.post(f"/staff/people/{held.pk}/end/").status_code == 404


def test_no_role_in_another_programme_and_none_for_oneself(programme: Programme, other_programme: Programme) -> None:
    steward = core.user(programme, Role.STEWARD)
    give(signed_in(steward), other_programme, core.user())
    assert "Nobody gives themselves a role" in give(signed_in(steward), programme, steward)
    assert not Membership.objects.exclude(user=steward).exists()
    stranger = core.user(other_programme, Role.CURATOR)
    held = Membership.objects.get(user=stranger)
    assert signed_in(steward).post(f"/staff/people/{held.pk}/end/").status_code == 404


def test_what_was_typed_stays_when_nobody_has_the_address(programme: Programme) -> None:
    sent = {"programme": str(programme.pk), "email": "nobody@people.example", "role": "curator"}
    answer = signed_in(core.user(programme, Role.STEWARD)).post("/staff/people/", sent).content.decode()
    assert "Nobody has an account with this address" in answer
    assert "nobody@people.example" in answer


def test_a_tokens_text_is_shown_once_and_only_its_digest_kept() -> None:
    user = core.user()
    client = signed_in(user)
    answer = client.post("/account/tokens/", {"name": "script", "scopes": ["jobs"], "days": "30"}).content.decode()
    text = re.search(r"donara_[\w-]+", answer)
    assert text is not None
    token = ApiToken.objects.get(user=user)
    assert text[0] not in client.get("/account/tokens/").content.decode()
    assert text[0] not in str(ApiToken.objects.values())
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {text[0]}"}
    assert Client().get("/api/v1/jobs/", **bearer).status_code == 200
    assert Client().get("/api/v1/requests/", **bearer).status_code == 403
    client.post(f"/account/tokens/{token.pk}/revoke/")
    assert Client().get("/api/v1/jobs/", **bearer).status_code == 401


def test_an_expired_token_and_a_strangers_revoking_do_nothing() -> None:
    owner = core.user()
    answer = signed_in(owner).post("/account/tokens/", {"name": "a", "scopes": ["jobs"], "days": "1"}).content.decode()
    token = ApiToken.objects.get(user=owner)
    assert signed_in(core.user()).post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    found = re.search(r"donara_[\w-]+", answer)
    assert found is not None
    assert Client().get("/api/v1/jobs/", HTTP_AUTHORIZATION=f"Bearer {found[0]}").status_code == 401


def test_a_token_without_scopes_is_not_made() -> None:
    user = core.user()
    assert (
        "This field is required"
        not in signed_in(user).post("/account/tokens/", {"name": "a", "days": "1"}).content.decode()
    )
    assert not ApiToken.objects.exists()
