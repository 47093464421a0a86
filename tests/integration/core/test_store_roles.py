"""A process uses only its own zones: the code refuses it the rest, whatever the store is."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as chosen_settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.ids import new_id
from core.storage.folder import FolderStore
from core.storage.guarded import Guarded, StoreRefused, giving_back
from core.storage.interface import Store
from core.storage.roles import May, Role, may
from core.storage.store import forget, gives_back, plain_store, store
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
    guarded = Guarded(FolderStore(tmp_path), role, gives_back=True)
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


def test_a_web_process_opens_a_donors_own_file_in_that_one_place_and_nowhere_else(tmp_path: Path) -> None:
    plain, key = FolderStore(tmp_path), str(new_id())
    plain.put(Zone.QUARANTINE, key, BytesIO(b"own"))
    web = Guarded(plain, Role.WEB, gives_back=True)
    with giving_back(), web.open(Zone.QUARANTINE, key) as stream:
        assert stream.read() == b"own"
        with pytest.raises(StoreRefused):
            web.start(Zone.QUARANTINE, key, 1)
    with pytest.raises(StoreRefused):
        web.open(Zone.QUARANTINE, key)
    with giving_back(), pytest.raises(StoreRefused):
        Guarded(plain, Role.WEB, gives_back=False).open(Zone.QUARANTINE, key)


@pytest.mark.parametrize(("role", "asked", "may"), [("web", True, True), ("web", False, False), ("all", False, True)])
def test_a_process_says_whether_it_gives_back(settings: Any, role: str, asked: bool, may: bool) -> None:
    settings.ROLE, settings.WEB_GIVES_BACK = role, asked
    assert gives_back() == may


def test_one_file_of_the_product_gives_back() -> None:
    root = Path(chosen_settings.BASE_DIR)
    apps = ("consent", "registry", "curation", "training_jobs", "portal", "core", "config")
    users = [path for app in apps for path in (root / app).rglob("*.py") if "giving_back()" in path.read_text()]
    assert {str(path.relative_to(root)) for path in users} == {"core/storage/guarded.py", "registry/work/files.py"}


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
