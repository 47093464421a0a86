"""What workers do for consent: carry out withdrawals, keep verdicts."""

from consent.work.logged import give_heads, look_at_receipts
from consent.work.verdicts import remember
from consent.work.withdrawal import advance, open_withdrawals

__all__ = ["advance", "give_heads", "look_at_receipts", "open_withdrawals", "remember"]
