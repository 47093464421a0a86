"""The small whole world, for tests that look at the product from outside."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from core.storage.roles import Role
from tests.access.table import ROLES
from tests.factories import whole
from tests.factories.parts import being


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[whole.World]:
    """Built once: these tests ask for `db` as well, so that what each of them changes is rolled back.

    They look as a web process: what it may not read, no page shows.
    """
    with whole.standing(django_db_blocker) as made, being(Role.WEB):
        yield made


@pytest.fixture(scope="package")
def clients(world: whole.World, django_db_blocker: Any) -> dict[str, Client]:
    """A browser for each role of the access matrix, signed in once."""
    opened = {role: Client() for role in ROLES}
    with django_db_blocker.unblock():
        for role, client in opened.items():
            if role != "anonymous":
                client.force_login(world.people[role])
    return opened
