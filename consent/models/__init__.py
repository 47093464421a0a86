"""Consent's tables."""

from consent.models.checks import DonorCheck, MinimumCheck
from consent.models.consents import ConsentEvent, CurrentConsent, Signature, TermsRow, UseVerdict
from consent.models.diseases import Disease, Ontology
from consent.models.donors import Donor, Person
from consent.models.evidence import IdentityKey, IdentityOpening, SealedIdentity
from consent.models.forms import Form, FormVersion
from consent.models.logged import LogEntry
from consent.models.tallies import Tally
from consent.models.unsigned import Unsigned
from consent.models.withdrawals import Withdrawal, WithdrawalStep

__all__ = [
    "ConsentEvent",
    "CurrentConsent",
    "Disease",
    "Donor",
    "DonorCheck",
    "Form",
    "FormVersion",
    "IdentityKey",
    "IdentityOpening",
    "LogEntry",
    "MinimumCheck",
    "Ontology",
    "Person",
    "SealedIdentity",
    "Signature",
    "Tally",
    "TermsRow",
    "Unsigned",
    "UseVerdict",
    "Withdrawal",
    "WithdrawalStep",
]
