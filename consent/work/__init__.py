"""What workers do for consent: carry out withdrawals, keep verdicts, count donors."""

from consent.work.logged import give_heads, look_at_receipts
from consent.work.tallies import take_tally
from consent.work.verdicts import remember
from consent.work.withdrawal import advance, open_withdrawals

__all__ = [
    "advance",
    "give_heads",
    "look_at_receipts",
    "open_withdrawals",
    "remember",
    "take_tally",
]
