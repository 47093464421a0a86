"""What workers do for consent: carry out withdrawals, keep verdicts, count donors."""

from consent.work.tallies import take_tally
from consent.work.verdicts import remember
from consent.work.withdrawal import advance, open_withdrawals

__all__ = ["advance", "open_withdrawals", "remember", "take_tally"]
