"""Registers consent's due work: withdrawals, advanced until they are complete."""

from consent import work
from consent.work.evidence import shred
from core.due.kinds import kind, sweep
from core.due.queue import ask_missing

ADVANCE = kind("consent.advance", work.advance, lease_seconds=120)

sweep("consent.open_withdrawals", lambda: ask_missing(ADVANCE, work.open_withdrawals()), every_seconds=30)
sweep("consent.shred", shred, every_seconds=600)
