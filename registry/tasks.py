"""Registers the registry's due work and its sweeps."""

from collections.abc import Callable, Iterable
from uuid import UUID

from core.due.kinds import Kind, kind, sweep
from core.due.models import DueWork
from core.due.queue import ask
from registry import work

FREEZE = kind("registry.freeze", work.freeze, lease_seconds=300)
ERASE_REMOVED = kind("registry.erase_removed", work.erase_removed, lease_seconds=120)


def ask_for_missing(what: Kind, find: Callable[[], Iterable[UUID]]) -> Callable[[], None]:
    """A sweep that makes due what is found and is not due yet; rows that wait for their time stay as they are."""

    def look() -> None:
        found = set(find())
        if found:
            known = DueWork.objects.filter(kind=what.name, done=False, subject_id__in=found)
            for subject_id in found - set(known.values_list("subject_id", flat=True)):
                ask(what, subject_id)

    return look


sweep("registry.freeze", ask_for_missing(FREEZE, work.versions_to_freeze), every_seconds=10)
sweep("registry.removed", ask_for_missing(ERASE_REMOVED, work.donations_with_removed_files), every_seconds=60)
sweep("registry.grants", work.expire_grants, every_seconds=60)
sweep("registry.broken_off", work.reap_broken_off, every_seconds=600)
