"""Consent's tables."""

from consent.models.consents import ConsentEvent, CurrentConsent, Signature, TermsRow, UseVerdict
from consent.models.donors import Donor, Person
from consent.models.forms import Form, FormVersion
from consent.models.logged import LogEntry
from consent.models.withdrawals import Withdrawal, WithdrawalStep

__all__ = [
    "ConsentEvent",
    "CurrentConsent",
    "Donor",
    "Form",
    "FormVersion",
    "LogEntry",
    "Person",
    "Signature",
    "TermsRow",
    "UseVerdict",
    "Withdrawal",
    "WithdrawalStep",
]
