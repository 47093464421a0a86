"""On S3 the server itself refuses a process what its role does not allow. Collected where the settings name one."""

import json
import os
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO

import pytest
from django.conf import settings as chosen_settings
from django.core.management import call_command
from django.utils import timezone

from core.ids import new_id
from core.storage.interface import AlreadyThere, Store, StoreUnreachable
from core.storage.roles import May, Role, may
from core.storage.s3 import PART, S3Store
from core.storage.store import plain_store
from core.storage.zones import Zone

ROLES = [role for role in Role if role is not Role.ALL]
Deed = Callable[[Store, Zone, str], object]
DEEDS: list[tuple[May, Deed]] = [
    (May.PUT, lambda store, zone, key: store.put(zone, f"{key}0", BytesIO(b"x"))),
    (May.PUT | May.ERASE, lambda store, zone, key: store.replace(zone, key, BytesIO(b"x"))),
    (May.READ, lambda store, zone, key: store.open(zone, key).read()),
    (May.READ, lambda store, zone, key: store.start(zone, key, 1)),
    (May.LOOK, lambda store, zone, key: store.exists(zone, key)),
    (May.LOOK, lambda store, zone, key: store.holds(zone, key)),
    (May.LOOK, lambda store, zone, key: list(store.keys(zone))),
    (May.ERASE, lambda store, zone, key: store.tidy(zone, timezone.now())),
    (May.ERASE, lambda store, zone, key: store.delete(zone, key)),
]


@pytest.fixture
def users() -> Iterator[dict[Role, S3Store]]:
    """The owner's store with its policies, and the same as the user of each role sees it."""
    settings = chosen_settings
    out = StringIO()
    named = [f"--{role}={os.environ[f'DONARA_TEST_S3_{role.upper()}_USER']}" for role in ROLES]
    call_command("store_policy", *named, "--apply", stdout=out)
    assert len(json.loads(out.getvalue())) == len(Zone)
    owner = plain_store()
    assert isinstance(owner, S3Store)
    place = {key: settings.OBJECT_STORE[key] for key in ("endpoint", "region", "prefix")}
    secret = settings.OBJECT_STORE["secret_key"]
    seen = {role: S3Store(access_key=f"donara-{role}", secret_key=secret, **place) for role in ROLES}
    yield {Role.ALL: owner, **seen}
    for zone in Zone:
        owner.client.delete_bucket_policy(Bucket=owner.bucket(zone))


@pytest.mark.nightly
@pytest.mark.services
def test_the_server_itself_refuses_each_user_what_the_table_does_not_allow(users: dict[Role, S3Store]) -> None:
    owner = users[Role.ALL]
    for role in ROLES:
        mine = users[role]
        assert mine.probe().conditional_put
        for zone in set(Zone) - {Zone.INCOMING}:
            for what, deed in DEEDS[:-2] + DEEDS[-1:]:  # where nothing is left over, tidying is looking
                key = str(new_id())
                owner.put(zone, key, BytesIO(b"pixels"))
                if may(role, zone, what):
                    deed(mine, zone, key)
                else:
                    with pytest.raises(StoreUnreachable):
                        deed(mine, zone, key)
                for each in (key, f"{key}0"):
                    owner.delete(zone, each)
                    assert not owner.holds(zone, each)


@pytest.mark.services
@pytest.mark.parametrize("size", [5, PART + 5])
def test_a_user_that_cannot_look_into_a_zone_overwrites_nothing_there(users: dict[Role, S3Store], size: int) -> None:
    owner, web, worker = users[Role.ALL], users[Role.WEB], users[Role.WORKER]
    key = str(new_id())
    assert web.put(Zone.QUARANTINE, key, BytesIO(b"x" * size)) == size
    with pytest.raises(AlreadyThere):
        web.put(Zone.QUARANTINE, key, BytesIO(b"y" * size))
    with worker.open(Zone.QUARANTINE, key) as stream:
        assert stream.read() == b"x" * size
    with pytest.raises(StoreUnreachable):
        web.open(Zone.QUARANTINE, key)
    web.delete(Zone.QUARANTINE, key)
    assert not owner.exists(Zone.QUARANTINE, key)


@pytest.mark.services
def test_every_worker_keeps_the_logs_last_head_and_the_web_process_reads_it(users: dict[Role, S3Store]) -> None:
    for role in set(ROLES) - {Role.WEB}:
        users[role].keep_note("tried", role.value)
        assert all(users[each].note("tried") == role.value for each in ROLES)
    with pytest.raises(StoreUnreachable):
        users[Role.WEB].keep_note("tried", "web")
    users[Role.ALL].delete(Zone.RELEASED, "note-tried")


@pytest.mark.services
def test_a_zone_may_have_a_pair_of_keys_of_its_own(users: dict[Role, S3Store]) -> None:
    owner = users[Role.ALL]
    chosen = chosen_settings.OBJECT_STORE
    mixed = S3Store(
        chosen["endpoint"],
        "donara-web",
        chosen["secret_key"],
        chosen["region"],
        owner.prefix,
        zone_keys={"quarantine": ("donara-worker", chosen["secret_key"])},
    )
    key = str(new_id())
    owner.put(Zone.QUARANTINE, key, BytesIO(b"x"))
    with mixed.open(Zone.QUARANTINE, key) as stream:
        assert stream.read() == b"x"
    with pytest.raises(StoreUnreachable):
        mixed.put(Zone.CLEAN, key, BytesIO(b"x"))
    owner.delete(Zone.QUARANTINE, key)
