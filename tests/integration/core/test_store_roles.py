"""A process uses only its own zones: the code refuses it the rest, whatever the store is."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.ids import new_id
from core.storage.folder import FolderStore
from core.storage.guarded import Guarded, StoreRefused
from core.storage.interface import Store
from core.storage.roles import May, Role, may
from core.storage.store import forget, plain_store, store
from core.storage.zones import Zone

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


@pytest.mark.parametrize("zone", list(Zone))
@pytest.mark.parametrize("role", list(Role))
def test_what_the_table_does_not_allow_never_reaches_the_store(tmp_path: Path, zone: Zone, role: Role) -> None:
    guarded = Guarded(FolderStore(tmp_path), role)
    for what, deed in DEEDS:
        key = str(new_id())
        guarded.store.put(zone, key, BytesIO(b"pixels"))
        if may(role, zone, what):
            deed(guarded, zone, key)
            continue
        with pytest.raises(StoreRefused, match="may not use"):
            deed(guarded, zone, key)
        with guarded.store.open(zone, key) as stream:
            assert stream.read() == b"pixels"


@pytest.mark.parametrize("role", list(Role))
def test_the_store_of_a_process_is_guarded_by_its_role(settings: Any, role: Role) -> None:
    settings.ROLE = role.value
    forget()
    try:
        assert isinstance(store(), Guarded) == (role is not Role.ALL)
        assert not isinstance(plain_store(), Guarded)
    finally:
        forget()


def test_a_folder_has_no_policies(settings: Any, tmp_path: Path) -> None:
    settings.OBJECT_STORE = {"kind": "folder", "path": str(tmp_path), "sealed": True}
    forget()
    try:
        with pytest.raises(CommandError, match="no users"):
            call_command("store_policy", "--web=a", "--worker=b")
    finally:
        forget()
