"""What workers do for consent: carry out withdrawals, keep verdicts, tell of changed forms, erase what expired."""

from consent.work.renewal import tell_of_form
from consent.work.unsigned import erase_expired
from consent.work.verdicts import remember
from consent.work.withdrawal import advance, open_withdrawals

__all__ = ["advance", "erase_expired", "open_withdrawals", "remember", "tell_of_form"]
