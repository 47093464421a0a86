"""Consent's tables."""

from consent.models.checks import DonorCheck
from consent.models.consents import ConsentEvent, CurrentConsent, Signature, TermsRow, UseVerdict
from consent.models.donors import Donor, Person
from consent.models.forms import Form, FormVersion
from consent.models.unsigned import Unsigned
from consent.models.withdrawals import Withdrawal, WithdrawalStep

__all__ = [
    "ConsentEvent",
    "CurrentConsent",
    "Donor",
    "DonorCheck",
    "Form",
    "FormVersion",
    "Person",
    "Signature",
    "TermsRow",
    "Unsigned",
    "UseVerdict",
    "Withdrawal",
    "WithdrawalStep",
]
