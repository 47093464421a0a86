"""Each process holds its role's keys: the web process shuts what it puts into quarantine and opens nothing there."""

import os
import secrets
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as chosen_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from core import sealing, startup
from core.accounts.models import Programme
from core.actors import SystemActor
from core.ids import new_id
from core.storage import keys, rings, work
from core.storage.models import StoredObject
from core.storage.rings import read_ring, ring_of
from core.storage.roles import May, Role, may
from core.storage.store import store
from core.storage.zones import Zone
from tests.factories.parts import WHOLE, being

BY = SystemActor("test")
DATA = b"DOE^JANE " * 30


def written(programme: Programme, zone: Zone = Zone.QUARANTINE) -> StoredObject:
    """An object, read anew from its row, so that nothing of it is left in memory."""
    thing = work.write(work.reserve(zone, programme_id=programme.pk, donor_id=new_id()), DATA, by=BY)
    return StoredObject.objects.get(pk=thing.pk)


def lying(thing: StoredObject) -> bytes:
    with store().open(Zone(thing.zone), thing.key) as stream:
        return stream.read()


def opens(thing: StoredObject, role: Role) -> bool:
    """Whether a process of that role has the key, let alone the store's leave."""
    with being(role):
        try:
            keys.unwrapped(thing)
        except keys.KeyAbsent:
            return False
    return True


@pytest.mark.django_db
def test_the_web_process_puts_files_into_quarantine_which_only_a_cleaner_opens(programme: Programme) -> None:
    with being(Role.WEB):
        thing = written(programme)
    assert {role for role in Role if opens(thing, role)} == {Role.ALL, Role.WORKER, Role.CLEANER}
    with being(Role.CLEANER):
        assert work.read(thing) == DATA
    with being(Role.WEB), pytest.raises(keys.KeyAbsent, match="store_keys"):
        keys.unwrapped(thing)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", list(Zone))
def test_a_role_has_the_keys_of_what_it_may_read(programme: Programme, zone: Zone) -> None:
    thing = written(programme, zone)
    assert {role for role in Role if opens(thing, role)} == {role for role in Role if may(role, zone, May.READ)}


def wrapped_as_before(thing: StoredObject) -> StoredObject:
    """As quarantine's keys were wrapped when whoever put a file there could also open it."""
    zone_key = rings._zone_key(bytes.fromhex(WHOLE), Zone.QUARANTINE)
    sealed = sealing.seal(zone_key, keys.unwrapped(thing), thing.pk.bytes)
    StoredObject.objects.filter(pk=thing.pk).update(sealed_key=sealed, key_id=read_ring(WHOLE).name)
    return StoredObject.objects.get(pk=thing.pk)


@pytest.mark.django_db
def test_keys_from_before_open_and_are_wrapped_anew_without_touching_a_byte(programme: Programme) -> None:
    thing, other = wrapped_as_before(written(programme)), written(programme, Zone.CLEAN)
    bytes_before = lying(thing)
    assert opens(thing, Role.CLEANER)
    assert not opens(thing, Role.WEB)
    said = StringIO()
    call_command("seal_store", stdout=said)
    assert "keys wrapped anew: 1" in said.getvalue()
    anew = StoredObject.objects.get(pk=thing.pk)
    assert anew.key_id != thing.key_id
    assert lying(anew) == bytes_before
    assert work.read(anew) == DATA
    assert not opens(anew, Role.WEB)
    assert StoredObject.objects.get(pk=other.pk).key_id == other.key_id
    said = StringIO()
    call_command("seal_store", stdout=said)
    assert "keys wrapped anew: 0" in said.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.WEB, Role.RUNNER])
def test_a_role_cannot_wrap_others_keys_anew(programme: Programme, role: Role) -> None:
    wrapped_as_before(written(programme))
    with being(role), pytest.raises(CommandError, match="DONARA_STORE_KEY"):
        call_command("seal_store", stdout=StringIO())


@pytest.mark.django_db
def test_rings_of_older_keys_open_what_was_wrapped_under_them(programme: Programme, settings: Any) -> None:
    thing, clean = written(programme), written(programme, Zone.CLEAN)
    new, old = secrets.token_bytes(32), bytes.fromhex(WHOLE)
    for role, sees in ((Role.CLEANER, {thing, clean}), (Role.RUNNER, {clean}), (Role.WEB, {clean})):
        settings.STORE_KEY = ring_of(new, role).written()
        settings.STORE_KEYS_OLD = [ring_of(old, role).written()]
        for each in (thing, clean):
            if each in sees:
                assert work.read(each) == DATA
            else:
                with pytest.raises(keys.KeyAbsent):
                    work.read(each)
    settings.STORE_KEY, settings.STORE_KEYS_OLD = new.hex(), [old.hex()]
    call_command("seal_store", stdout=StringIO())
    settings.STORE_KEYS_OLD = []
    assert [work.read(StoredObject.objects.get(pk=each.pk)) for each in (thing, clean)] == [DATA, DATA]


@pytest.mark.parametrize("role", [role.value for role in Role if role is not Role.ALL])
def test_the_command_prints_what_a_roles_environment_is_to_hold(settings: Any, role: str) -> None:
    settings.STORE_KEYS_OLD = ["0a" * 32]
    said = StringIO()
    call_command("store_keys", f"--for={role}", stdout=said)
    found = dict(line.split("=", 1) for line in said.getvalue().split())
    assert read_ring(found["DONARA_STORE_KEY"]) == ring_of(bytes.fromhex(WHOLE), Role(role))
    assert read_ring(found["DONARA_STORE_KEYS_OLD"]) == ring_of(b"\x0a" * 32, Role(role))
    assert WHOLE not in said.getvalue()
    settings.STORE_KEY = found["DONARA_STORE_KEY"]
    with pytest.raises(CommandError, match="whole store key"):
        call_command("store_keys", f"--for={role}")


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.CLEANER, Role.WEB])
def test_a_process_with_another_roles_keys_does_not_start(settings: Any, role: Role) -> None:
    settings.STORE_KEY = ring_of(bytes.fromhex(WHOLE), Role.RUNNER).written()
    settings.ROLE = role.value
    with pytest.raises(ImproperlyConfigured, match=f"store_keys --for {role}"):
        startup.verify()


@pytest.mark.parametrize("role", [Role.WEB, Role.CLEANER, Role.RUNNER])
def test_a_part_of_the_process_tree_finds_its_roles_keys_in_its_environment_and_no_others(
    tmp_path: Path, role: Role
) -> None:
    (tmp_path / "donara_store_key").write_text(f"{WHOLE}\n")
    env = {key: value for key, value in os.environ.items() if key != "DONARA_STORE_KEY"}
    env |= {"DONARA_SECRETS_DIR": str(tmp_path), "DONARA_STORE_KEYS_OLD": "0b" * 32}
    done = subprocess.run(
        [sys.executable, "scripts/as_role.py", role.value, "env"],
        cwd=chosen_settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    found = dict(line.split("=", 1) for line in done.stdout.split("\n") if line.startswith("DONARA_"))
    assert read_ring(found["DONARA_STORE_KEY"]) == ring_of(bytes.fromhex(WHOLE), role)
    assert read_ring(found["DONARA_STORE_KEYS_OLD"]) == ring_of(b"\x0b" * 32, role)
    assert found["DONARA_ROLE"] == role.value
    assert WHOLE not in done.stdout
