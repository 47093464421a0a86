"""The store of this process, as the settings chose it."""

import os
from functools import lru_cache
from typing import Any

from django.conf import settings

from core.storage.folder import FolderStore
from core.storage.guarded import Guarded
from core.storage.interface import AlreadyThere, NoSuchObject, Store, StoreUnreachable
from core.storage.rings import read_ring
from core.storage.roles import Role
from core.storage.s3 import S3Store
from core.storage.s3_encryption import ServerSide

__all__ = ["AlreadyThere", "NoSuchObject", "Store", "StoreUnreachable", "plain_store", "store"]


@lru_cache(maxsize=1)
def store() -> Store:
    """The one store of this process: a folder or S3, as far as its role may use it."""
    role = Role(settings.ROLE)
    return plain_store() if role is Role.ALL else Guarded(plain_store(), role)


@lru_cache(maxsize=1)
def plain_store() -> Store:
    """The same without its guard: for what the registry keeps there for itself, and for those who set it up."""
    chosen = settings.OBJECT_STORE
    if chosen["kind"] == "folder":
        return FolderStore(chosen["path"])
    mine = {key: value for key, value in chosen.items() if key not in {"kind", "sealed", "encryption", "kms_key"}}
    return S3Store(**mine, encryption=_encryption(chosen))


def _encryption(chosen: dict[str, Any]) -> ServerSide:
    """What the server is asked to do itself; the key that it is lent under SSE-C is made of the store's."""
    lent = read_ring(settings.STORE_KEY).lent
    return ServerSide(chosen["encryption"], chosen["kms_key"], lent if chosen["encryption"] == "sse-c" else b"")


def forget() -> None:
    """The next use makes the store anew."""
    store.cache_clear()
    plain_store.cache_clear()


# A worker's processes are forked off one that has probed the store: they must not share its connections.
os.register_at_fork(after_in_child=forget)
