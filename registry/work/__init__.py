"""What workers do for the registry: freeze versions, keep files' states, follow withdrawals, sweep."""

from registry.work.files import (
    erase_removed,
    mark_cleaned,
    mark_duplicate,
    mark_quarantined,
    open_image,
    open_sent,
    read_image,
    settle,
)
from registry.work.freezing import count_donors, freeze
from registry.work.limiting import stop_new
from registry.work.minting import mint
from registry.work.news import note_grant, note_use, tell_news
from registry.work.recalling import follow, note_followed, recall_found
from registry.work.reminding import remind_of_evidence
from registry.work.sharing import stop_shared
from registry.work.stopping import stop_use
from registry.work.sweeps import (
    donations_with_removed_files,
    expire_grants,
    reap_broken_off,
    versions_to_freeze,
)
from registry.work.takeouts import clear_takeout, make_takeout, takeouts_to_clear
from registry.work.telling import end_unanswered, tell_holder_of, tell_holders_of_withdrawal

__all__ = [
    "clear_takeout",
    "count_donors",
    "donations_with_removed_files",
    "end_unanswered",
    "erase_removed",
    "expire_grants",
    "follow",
    "freeze",
    "make_takeout",
    "mark_cleaned",
    "mark_duplicate",
    "mark_quarantined",
    "mint",
    "note_followed",
    "note_grant",
    "note_use",
    "open_image",
    "open_sent",
    "read_image",
    "reap_broken_off",
    "recall_found",
    "remind_of_evidence",
    "settle",
    "stop_new",
    "stop_shared",
    "stop_use",
    "takeouts_to_clear",
    "tell_holder_of",
    "tell_holders_of_withdrawal",
    "tell_news",
    "versions_to_freeze",
]
