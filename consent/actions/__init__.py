"""What people do with consent: publish forms, sign, change their choices, withdraw."""

from consent.actions.checks import record_check
from consent.actions.choices import change_choices
from consent.actions.forms import draft_form, edit_form, publish_form, retire_form
from consent.actions.lifting import allow_contact, allow_new
from consent.actions.logging import report_broken_log
from consent.actions.ontology import load_ontology
from consent.actions.opening import ask_identity, close_opening, open_identity
from consent.actions.programmes import set_programme
from consent.actions.signing import sign
from consent.actions.unsigned import keep_choices, keep_details, keep_unfinished
from consent.actions.verdicts import record_verdicts
from consent.actions.withdrawing import look_again, withdraw

__all__ = [
    "allow_contact",
    "allow_new",
    "ask_identity",
    "change_choices",
    "close_opening",
    "draft_form",
    "edit_form",
    "keep_choices",
    "keep_details",
    "keep_unfinished",
    "load_ontology",
    "look_again",
    "open_identity",
    "publish_form",
    "record_check",
    "record_verdicts",
    "report_broken_log",
    "retire_form",
    "set_programme",
    "sign",
    "withdraw",
]
