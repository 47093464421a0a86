"""No store of a donor's data is forgotten: each table and zone is emptied by a duty, or it is said what stays in it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from consent import actions
from consent.models import IdentityKey, SealedIdentity
from consent.rules.duties import DUTIES
from consent.rules.keeping import KEPT, said
from consent.work.evidence import opened, shred
from core.accounts.models import Programme, User
from core.due.run import drain
from core.rows import PRIVACY
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import Zone
from tests.factories import consent, curation
from tests.whole.test_tables import LIBRARIES

COVERED = {label for duty in DUTIES.values() for label in duty.covers}
#: Emptied by a clock and not by a withdrawal's step: the key is destroyed when its time is over.
BY_CLOCK = {"consent.sealedidentity"}


def classes_of(model: type[models.Model]) -> set[str]:
    """What the columns of a table say about people."""
    declared = PRIVACY.get(model) or LIBRARIES.get(model._meta.label_lower, {})
    return set(declared.values())


PEOPLES = [model for model in apps.get_models() if classes_of(model) & {"identifying", "personal"}]


@pytest.mark.parametrize("model", PEOPLES, ids=lambda model: model._meta.label_lower)
def test_every_table_about_people_is_emptied_or_said_to_stay(model: type[models.Model]) -> None:
    label = model._meta.label_lower
    assert label in COVERED | set(KEPT), "register a duty that covers it, or say what stays in it"
    if "identifying" in classes_of(model):
        assert label in COVERED | BY_CLOCK, "what says who somebody is may not stay"


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label_lower)
def test_every_table_that_points_at_donors_is_too(model: type[models.Model]) -> None:
    names = {field.name for field in model._meta.concrete_fields}
    if names & {"donor", "donor_id"}:
        assert model._meta.label_lower in COVERED | set(KEPT)


@pytest.mark.parametrize("zone", list(Zone))
def test_every_zone_is_emptied_or_said_to_stay(zone: Zone) -> None:
    assert f"zone:{zone}" in COVERED | set(KEPT)


def test_nothing_that_is_named_is_unknown() -> None:
    known = {model._meta.label_lower for model in apps.get_models()} | {f"zone:{zone}" for zone in Zone}
    assert COVERED | set(KEPT) <= known
    assert all(sentence.endswith(".") for sentence in said())


def everything_written() -> str:
    """Every value of every column of every table, but for keys."""
    rows = (row for model in apps.get_models() for row in model._default_manager.values())
    return "\n".join(json.dumps(row, default=_text, ensure_ascii=False) for row in rows)


def _text(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


@pytest.mark.django_db
def test_who_is_erased_is_written_nowhere_and_stored_nowhere(programme: Programme, client: Any) -> None:
    donor = consent.donor(programme)
    person, user = donor.person, donor.person.user
    needles = [person.family_name, user.email, bytes(person.salt).hex(), person.birth_date.isoformat()]
    client.force_login(user)
    curation.donation(donor, curation.image(donor))
    drain()
    before = everything_written()
    assert all(needle in before for needle in needles)
    actions.withdraw(donor=donor, kind="erase", by=user)
    drain()
    after = everything_written()
    assert [needle for needle in needles if needle in after] == []
    assert client.get("/my-choices/").status_code == 302
    objects = StoredObject.objects.filter(donor_id=donor.pk)
    assert objects.count() >= 3
    assert [thing for thing in objects if any(store().exists(zone, thing.key) for zone in Zone)] == []
    assert not User.objects.get(pk=user.pk).is_active


@pytest.mark.django_db
def test_who_was_erased_opens_for_the_stated_time_and_never_again(programme: Programme) -> None:
    Programme.objects.update(identity_kept_days=30)
    donor = consent.donor(programme)
    name, user = donor.person.family_name, donor.person.user
    actions.withdraw(donor=donor, kind="erase", by=user)
    drain()
    found = opened(donor.pk)
    assert found is not None
    assert found["family_name"] == name
    assert shred() == 0
    SealedIdentity.objects.update(until=timezone.now() - timedelta(seconds=1))
    row = SealedIdentity.objects.get()
    ciphertext = bytes(row.sealed)
    assert name.encode() not in ciphertext
    assert (shred(), shred()) == (1, 0)
    assert opened(donor.pk) is None
    assert not IdentityKey.objects.exists()
    row.refresh_from_db()
    assert bytes(row.sealed) == b""
    assert row.shredded_at is not None


@pytest.mark.django_db
def test_a_programme_that_keeps_nobody_seals_nobody(programme: Programme) -> None:
    Programme.objects.update(identity_kept_days=0)
    donor = consent.donor(programme)
    actions.withdraw(donor=donor, kind="erase", by=donor.person.user)
    drain()
    assert not SealedIdentity.objects.exists()
    assert opened(donor.pk) is None
