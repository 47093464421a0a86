"""What workers do for consent: withdrawals, verdicts, counts, news of changed forms, erasing what expired."""

from consent.work.logged import give_heads, look_at_receipts
from consent.work.renewal import tell_of_form
from consent.work.tallies import take_tally
from consent.work.unsigned import erase_expired
from consent.work.verdicts import remember
from consent.work.withdrawal import advance, open_withdrawals

__all__ = [
    "advance",
    "erase_expired",
    "give_heads",
    "look_at_receipts",
    "open_withdrawals",
    "remember",
    "take_tally",
    "tell_of_form",
]
