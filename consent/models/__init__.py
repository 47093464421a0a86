"""Consent's tables."""

from consent.models.consents import ConsentEvent, CurrentConsent, Signature, TermsRow, UseVerdict
from consent.models.donors import Donor, Person
from consent.models.evidence import IdentityKey, SealedIdentity
from consent.models.forms import Form, FormVersion
from consent.models.withdrawals import Withdrawal, WithdrawalStep

__all__ = [
    "ConsentEvent",
    "CurrentConsent",
    "Donor",
    "Form",
    "FormVersion",
    "IdentityKey",
    "Person",
    "SealedIdentity",
    "Signature",
    "TermsRow",
    "UseVerdict",
    "Withdrawal",
    "WithdrawalStep",
]
