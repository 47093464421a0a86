"""What holds for every page, whoever reads it: sound markup, one heading, and no donor's name on anyone else's page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from portal.story.cohort import compile_needles, planted, search_bytes
from tests.access.addresses import address
from tests.access.table import DONORS, ROLES, TABLE
from tests.design.page import Page, faults
from tests.factories.whole import World

pytestmark = pytest.mark.xdist_group("world")

Clients = dict[str, Client]
NAMES = sorted(name for name in TABLE if any(not row.post for row in TABLE[name]))
each_page = pytest.mark.parametrize("name", NAMES)
PRIMARY = {"nhsuk-button"}


def pages(clients: Clients, world: World, name: str, roles: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """(role, answer) for each of these roles that may read the page."""
    for row in TABLE[name]:
        for role in roles:
            if not row.post and row.expected(role) == 200:
                yield role, clients[role].get(address(name, row.of, world))


@each_page
def test_the_page_is_sound(world: World, db: None, clients: Clients, name: str) -> None:
    for role, response in pages(clients, world, name, ROLES):
        if not response["Content-Type"].startswith("text/html"):
            return
        markup = response.content.decode()
        page = Page(markup)
        assert faults(markup) == [], role
        assert len(page.all("h1")) == 1, role
        assert " – Donara</title>" in markup
        posts = [form for form in page.all("form") if form.get("method", "").lower() == "post"]
        tokens = [field for field in page.all("input") if field.get("name") == "csrfmiddlewaretoken"]
        assert len(tokens) == len(posts), "every form that posts carries its token, and no other form does"
        primary = [one for one in page.values("class") if set(one.split()) == PRIMARY]
        assert len(primary) <= 1, f"{role} sees {len(primary)} main actions"


@each_page
def test_no_donor_is_named_to_anybody_else(world: World, db: None, clients: Clients, name: str) -> None:
    needles = compile_needles(value for person in world.cast for value in planted(person).values)
    others = tuple(role for role in ROLES if role not in DONORS and role != "stranger_donor")
    for role, response in pages(clients, world, name, others):
        body = response.getvalue()
        hits = {hit.planted.kind for hit in search_bytes(body, needles)}
        assert not hits, f"{role} reads {sorted(hits)} on {name}"


def test_the_search_would_find_a_name(world: World, db: None, clients: Clients) -> None:
    needles = compile_needles(value for person in world.cast for value in planted(person).values)
    page = clients["donor"].get(f"/receipts/{world.ids['receipt']}/")
    assert search_bytes(page.content, needles), "a donor's own receipt names them"
