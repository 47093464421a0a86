"""Stewards read which stored files of their programmes are damaged, and which versions hold them; nobody else does."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.notifications.models import Notice
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.whole import AGAIN, DOUBT, check_donors
from core.storage.zones import Zone
from registry.models import DatasetVersion
from tests.factories import consent, core
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
ADDRESS = "/staff/damage/"


def page(user: User) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(ADDRESS)


def text(user: User) -> str:
    answer = page(user)
    assert answer.status_code == 200
    found: str = answer.content.decode()
    return found


def found_out(thing: StoredObject) -> None:
    """The registry reads the object twice."""
    for past in (AGAIN, AGAIN + DOUBT):
        StoredObject.objects.filter(pk=thing.pk).update(checked_at=timezone.now() - past - timedelta(minutes=1))
        check_donors()
    thing.refresh_from_db()
    assert thing.damage


def version_of(programme: Programme) -> DatasetVersion:
    donor = consent.donor(programme)
    make.images(donor, 2)
    return make.version(make.dataset(programme))


def test_a_damaged_image_is_listed_with_the_versions_that_hold_it(
    programme: Programme, other_programme: Programme
) -> None:
    steward, stranger = core.user(programme, Role.STEWARD), core.user(other_programme, Role.STEWARD)
    version = version_of(programme)
    assert "No damaged file is known" in text(steward)
    thing = version.entries.order_by("position")[0].image.stored
    store().replace(Zone.CLEAN, thing.key, BytesIO(b"others"))
    found_out(thing)
    said = text(steward)
    assert str(thing.pk) in said
    assert "A cleaned image" in said
    assert f'href="/versions/{version.pk}/"' in said
    assert "damaged" in said
    assert str(thing.donor_id) not in said
    assert "No damaged file is known" in text(stranger)
    assert Notice.objects.get(user_id=steward.pk).link == ADDRESS


def test_a_lost_list_names_its_version(programme: Programme) -> None:
    steward, version = core.user(programme, Role.STEWARD), version_of(programme)
    assert version.manifest is not None
    store().delete(Zone.CLEAN, version.manifest.key)
    found_out(version.manifest)
    said = text(steward)
    assert "list of its files" in said
    assert "lost" in said
    assert f'href="/versions/{version.pk}/"' in said


def test_what_was_brought_back_leaves_the_page_and_what_is_only_doubted_is_not_on_it(programme: Programme) -> None:
    steward, version = core.user(programme, Role.STEWARD), version_of(programme)
    thing = version.entries.order_by("position")[0].image.stored
    with store().open(Zone.CLEAN, thing.key) as stream:
        copy = stream.read()
    store().replace(Zone.CLEAN, thing.key, BytesIO(b"others"))
    StoredObject.objects.filter(pk=thing.pk).update(checked_at=timezone.now() - AGAIN - timedelta(minutes=1))
    check_donors()
    assert "No damaged file is known" in text(steward)
    found_out(thing)
    since = thing.damaged_at
    found_out(thing)
    assert thing.damaged_at == since  # since it was known first
    store().replace(Zone.CLEAN, thing.key, BytesIO(copy))
    StoredObject.objects.filter(pk=thing.pk).update(checked_at=timezone.now() - AGAIN - timedelta(minutes=1))
    check_donors()
    thing.refresh_from_db()
    assert (thing.damage, thing.damaged_at) == ("", None)
    assert "No damaged file is known" in text(steward)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.STEWARD])
def test_nobody_else_has_such_a_page(programme: Programme, role: Role) -> None:
    assert page(core.user(programme, role)).status_code == 404
