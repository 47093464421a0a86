"""What workers do for the registry: freeze versions, keep files' states, follow withdrawals, sweep."""

from registry.work.files import (
    erase_removed,
    mark_cleaned,
    mark_duplicate,
    mark_quarantined,
    read_image,
    settle,
)
from registry.work.freezing import freeze
from registry.work.minting import mint
from registry.work.stopping import stop_use
from registry.work.sweeps import (
    donations_with_removed_files,
    expire_grants,
    reap_broken_off,
    versions_to_freeze,
)

__all__ = [
    "donations_with_removed_files",
    "erase_removed",
    "expire_grants",
    "freeze",
    "mark_cleaned",
    "mark_duplicate",
    "mark_quarantined",
    "mint",
    "read_image",
    "reap_broken_off",
    "settle",
    "stop_use",
    "versions_to_freeze",
]
