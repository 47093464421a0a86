"""The store of this process, as the settings chose it."""

import os
from functools import lru_cache

from django.conf import settings

from core.storage.folder import FolderStore
from core.storage.interface import AlreadyThere, NoSuchObject, Store, StoreUnreachable
from core.storage.s3 import S3Store

__all__ = ["AlreadyThere", "NoSuchObject", "Store", "StoreUnreachable", "store"]


@lru_cache(maxsize=1)
def store() -> Store:
    """The one store of this process: a folder or S3."""
    chosen = settings.OBJECT_STORE
    if chosen["kind"] == "folder":
        return FolderStore(chosen["path"])
    return S3Store(**{key: value for key, value in chosen.items() if key != "kind"})


# A worker's processes are forked off one that has probed the store: they must not share its connections.
os.register_at_fork(after_in_child=store.cache_clear)
