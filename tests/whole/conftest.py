"""The small whole world, for tests that look at the product from outside."""

from collections.abc import Iterator

import pytest

from tests.factories import whole


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[whole.World]:
    """Built once a module: its tests ask for `db` as well, so that what each of them changes is rolled back."""
    with whole.standing(django_db_blocker) as made:
        yield made
