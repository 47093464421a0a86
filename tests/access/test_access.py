"""Who may open what: every address, for every role, with one's own thing and another's, held to one table."""

from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from core.storage.guarded import StoreRefused
from core.storage.store import store
from core.storage.zones import Zone
from tests.access.addresses import address, names
from tests.access.api_table import TABLE as API_TABLE
from tests.access.table import ROLES, TABLE, Row
from tests.factories.whole import World

pytestmark = pytest.mark.xdist_group("world")

Clients = dict[str, Client]
#: What a browser may show by itself; everything else is saved.
SHOWN = {"text/html", "text/plain", "text/x-python", "image/png", "application/json", "application/problem+json", ""}
SHOWN |= {"application/vnd.oai.openapi+json"}


def test_they_look_as_a_web_process(world: World) -> None:
    assert settings.ROLE == "web"
    with pytest.raises(StoreRefused):
        store().open(Zone.QUARANTINE, "0")


def test_every_address_is_in_a_table() -> None:
    assert names() == sorted([*TABLE, *API_TABLE])


def answer(client: Client, world: World, row: Row, name: str, method: str) -> Any:
    """What a role's browser is answered; whatever it changed is taken back."""
    with transaction.atomic():
        response = client.generic(method, address(name, row.of, world))
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_role_gets_its_answer(world: World, db: None, clients: Clients, name: str) -> None:
    for row in TABLE[name]:
        method = "POST" if row.post else "GET"
        answers = {role: answer(clients[role], world, row, name, method) for role in ROLES}
        found = {role: response.status_code for role, response in answers.items()}
        assert found == {role: row.expected(role) for role in ROLES}, f"{method} {name} {dict(row.of)}"

        assert [role for role, response in answers.items() if not is_safe_to_open(response)] == [], name


def is_safe_to_open(response: Any) -> bool:
    """Whether no browser guesses what it is, and only what we wrote ourselves is opened and not saved."""
    kind = response.get("Content-Type", "").split(";")[0]
    is_saved = response.get("Content-Disposition", "").startswith("attachment")
    return response["X-Content-Type-Options"] == "nosniff" and (is_saved or kind in SHOWN)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_who_may_not_look_may_not_post(world: World, db: None, clients: Clients, name: str) -> None:
    for row in TABLE[name]:
        for role in ROLES:
            if row.post or row.expected(role) not in {403, 404}:
                continue
            status = answer(clients[role], world, row, name, "POST").status_code
            assert status in {403, 404, 405}, f"{role} posts to {name} and gets {status}"


@pytest.mark.parametrize("name", sorted(set(TABLE) - {"account_logout"}))
def test_who_must_sign_in_is_led_there(world: World, db: None, clients: Clients, name: str) -> None:
    for row in TABLE[name]:
        if row.expected("anonymous") == 302 and row.expected("nobody") != 302:
            response = answer(clients["anonymous"], world, row, name, "POST" if row.post else "GET")
            assert response["Location"].startswith("/accounts/login/?next=/")


@pytest.mark.parametrize("name", sorted(TABLE))
def test_an_id_that_nothing_has_is_not_found(world: World, db: None, clients: Clients, name: str) -> None:
    nothing = "=00000000-0000-7000-8000-000000000000"
    for row in TABLE[name]:
        keys = {key: nothing for key, kind in row.of.items() if not kind.startswith("=")}
        if not keys:
            continue
        for role in set(row.who) or {"steward"}:
            blank = Row(row.who, {**row.of, **keys}, post=row.post)
            assert answer(clients[role], world, blank, name, "POST" if row.post else "GET").status_code == 404
