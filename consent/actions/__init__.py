"""What people do with consent: publish forms, sign, change their choices, withdraw."""

from consent.actions.choices import change_choices
from consent.actions.forms import draft_form, edit_form, publish_form, retire_form
from consent.actions.lifting import allow_contact, allow_new
from consent.actions.signing import sign
from consent.actions.verdicts import record_verdicts
from consent.actions.withdrawing import look_again, withdraw

__all__ = [
    "allow_contact",
    "allow_new",
    "change_choices",
    "draft_form",
    "edit_form",
    "look_again",
    "publish_form",
    "record_verdicts",
    "retire_form",
    "sign",
    "withdraw",
]
