"""Registers consent's due work: withdrawals until they are complete, news of a changed form, what expired unsigned."""

from consent import work
from consent.work.evidence import shred
from core.due.kinds import kind, sweep
from core.due.queue import ask_missing

ADVANCE = kind("consent.advance", work.advance, lease_seconds=120)
TELL_OF_FORM = kind("consent.tell_of_form", work.tell_of_form, lease_seconds=300)

sweep("consent.log_heads", work.give_heads, every_seconds=2)
sweep("consent.log_receipts", work.look_at_receipts, every_seconds=6)
sweep("consent.open_withdrawals", lambda: ask_missing(ADVANCE, work.open_withdrawals()), every_seconds=30)
sweep("consent.shred", shred, every_seconds=600)
sweep("consent.expired_unsigned", work.erase_expired, every_seconds=600)
