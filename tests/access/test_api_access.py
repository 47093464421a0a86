"""Who may call what: every endpoint of the API with the right token, a wrong one, and none; and its document."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from core.accounts.actions import make_token, revoke_token
from core.accounts.models import ApiToken
from core.accounts.roles import Scope
from tests.access.addresses import address, names
from tests.access.api_table import TABLE, Call
from tests.factories.whole import World

pytestmark = pytest.mark.xdist_group("world")

CALLS = [pytest.param(name, call, id=f"{call.method} {name}") for name in sorted(TABLE) for call in TABLE[name]]
each_call = pytest.mark.parametrize(("name", "call"), CALLS)


def token(world: World, who: str, *scopes: str, bound: str = "") -> tuple[ApiToken, str]:
    """A token of one of the people, for one thing where it is to be bound."""
    user = world.people[who]
    bound_to = world.ids[bound] if bound else None
    return make_token(user=user, name="test", scopes=list(scopes), days=1, by=user, bound_to=bound_to)


def made(client: Client, world: World, name: str, call: Call, text: str = "") -> Any:
    """The answer to a call with a token's text; whatever it changed is taken back."""
    headers = {"Authorization": f"Bearer {text}"} if text else {}
    with transaction.atomic():
        response = client.generic(call.method, address(name, call.of, world), headers=headers)
        if not response.streaming:
            transaction.set_rollback(True)
    return response


def status(client: Client, world: World, name: str, call: Call, text: str = "") -> int:
    """Its status."""
    found: int = made(client, world, name, call, text).status_code
    return found


@each_call
def test_the_right_token_is_enough(world: World, db: None, client: Client, name: str, call: Call) -> None:
    _, text = token(world, call.owner, call.scope, bound=call.bound)
    assert status(client, world, name, call, text) == call.status


@each_call
def test_without_a_token_that_holds_nothing_is_answered(
    world: World, db: None, client: Client, name: str, call: Call
) -> None:
    assert status(client, world, name, call) == 401
    assert status(client, world, name, call, "donara_no-such-token") == 401
    row, text = token(world, call.owner, call.scope, bound=call.bound)
    revoke_token(token=row, by=world.people[call.owner])
    assert status(client, world, name, call, text) == 401
    row, text = token(world, call.owner, call.scope, bound=call.bound)
    ApiToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert status(client, world, name, call, text) == 401
    row, text = token(world, call.owner, call.scope, bound=call.bound)
    type(row.user).objects.filter(pk=row.user_id).update(is_active=False)
    assert status(client, world, name, call, text) == 401


@each_call
def test_a_token_for_something_else_is_refused(world: World, db: None, client: Client, name: str, call: Call) -> None:
    _, text = token(world, call.owner, *(scope for scope in Scope if scope not in {call.scope, Scope.STOW}))
    assert status(client, world, name, call, text) == 403
    if not call.bound:
        _, text = token(world, call.owner, Scope.STOW, bound="stopped_donation")
        assert status(client, world, name, call, text) == 403


@each_call
def test_a_session_is_no_token(world: World, db: None, client: Client, name: str, call: Call) -> None:
    client.force_login(world.people[call.owner])
    assert status(client, world, name, call) == 401


@each_call
def test_anothers_thing_is_not_found(world: World, db: None, client: Client, name: str, call: Call) -> None:
    if not (call.of or call.bound) or call.status == 400:
        return
    for role in sorted(set(world.people) - {call.owner}):
        _, text = token(world, role, call.scope, bound=call.bound)
        assert status(client, world, name, call, text) == 404, role


def test_lists_hold_ones_own_only(world: World, db: None, client: Client) -> None:
    for name, calls in TABLE.items():
        for call in calls:
            if call.method == "GET" and not call.of:
                _, text = token(world, "nobody", call.scope)
                assert made(client, world, name, call, text).json()["results"] == [], name
                _, text = token(world, call.owner, call.scope, bound=call.bound)
                assert made(client, world, name, call, text).json()["results"], name


def test_every_endpoint_is_in_the_document(world: World, db: None, client: Client) -> None:
    document = client.get("/api/v1/schema/").json()
    assert document["openapi"].startswith("3.1")
    described = {
        (resolve(re.sub("{[a-z]+}", str(world.ids["job"]), path)).view_name, method.upper())
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert described == {(name, call.method) for name, calls in TABLE.items() for call in calls}
    assert {name for name in names() if "_api:" in name} == set(TABLE)
