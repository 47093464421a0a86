"""Registers the log's due work: destroying salts once events are sealed, and sending heads to witnesses."""

from datetime import datetime
from uuid import UUID

from core.audit import checks, witnesses, work
from core.due.kinds import kind, sweep
from core.due.queue import ask_missing

#: What stays provable after a person was erased, since it names nobody: that they withdrew.
KEPT = ("consent.withdrawn",)


def _forget(subject_id: UUID) -> datetime | None:
    return work.forget(subject_id, keep=KEPT)


FORGET = kind("audit.forget", _forget, lease_seconds=120)
PUSH = kind("audit.push_head", witnesses.push, lease_seconds=120)

sweep("audit.check", checks.look, every_seconds=30)
sweep("audit.witnesses", lambda: ask_missing(PUSH, witnesses.behind()), every_seconds=60)
