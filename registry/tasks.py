"""Registers the registry's due work and its sweeps."""

from core.due.crews import Crew
from core.due.kinds import kind, sweep
from core.due.queue import ask_missing
from registry import work
from registry.queries.access import versions_to_count
from registry.queries.recall import reports_to_follow
from registry.queries.takeouts import takeouts_to_make
from registry.work.inviting import end_overdue
from registry.work.parts import reap_parts
from registry.work.raw import destroy_raw
from registry.work.room import count_all_again

FREEZE = kind("registry.freeze", work.freeze, lease_seconds=300, crew=Crew.RUNNING)
ERASE_REMOVED = kind("registry.erase_removed", work.erase_removed, lease_seconds=120)
COUNT_DONORS = kind("registry.count_donors", work.count_donors, lease_seconds=300)
NEWS = kind("registry.news_of_grant", work.note_grant, lease_seconds=300)
FOLLOW = kind("registry.follow_report", work.follow, lease_seconds=300)
MAKE_TAKEOUT = kind("registry.make_takeout", work.make_takeout, lease_seconds=3_000, crew=Crew.CLEANING)
CLEAR_TAKEOUT = kind("registry.clear_takeout", work.clear_takeout, lease_seconds=300)

sweep("registry.freeze", lambda: ask_missing(FREEZE, work.versions_to_freeze()), every_seconds=10)
sweep("registry.removed", lambda: ask_missing(ERASE_REMOVED, work.donations_with_removed_files()), every_seconds=60)
sweep("registry.grants", work.expire_grants, every_seconds=60)
sweep("registry.broken_off", work.reap_broken_off, every_seconds=600)
sweep("registry.counts", lambda: ask_missing(COUNT_DONORS, versions_to_count()), every_seconds=60)
sweep("registry.reports", lambda: ask_missing(FOLLOW, reports_to_follow()), every_seconds=60)
sweep("registry.news", work.tell_news, every_seconds=30)
sweep("registry.evidence", work.remind_of_evidence, every_seconds=600)
sweep("registry.unanswered", work.end_unanswered, every_seconds=60)
sweep("registry.parts", reap_parts, every_seconds=60)
sweep("registry.invitations", end_overdue, every_seconds=600)
sweep("registry.room", count_all_again, every_seconds=300)
sweep("registry.raw", destroy_raw, every_seconds=600)
sweep("registry.takeouts", lambda: ask_missing(CLEAR_TAKEOUT, work.takeouts_to_clear()), every_seconds=60)
sweep(
    "registry.asked_for",
    lambda: ask_missing(MAKE_TAKEOUT, takeouts_to_make().values_list("pk", flat=True)),
    every_seconds=10,
)
