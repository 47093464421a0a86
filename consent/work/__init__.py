"""What workers do for consent: carry out withdrawals, keep verdicts."""

from consent.work.verdicts import remember
from consent.work.withdrawal import advance, open_withdrawals

__all__ = ["advance", "open_withdrawals", "remember"]
