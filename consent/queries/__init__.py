"""What may be read of consent: donors by reader, permitted donors by use, forms, withdrawals."""

from consent.queries.diseases import diseases
from consent.queries.donors import (
    Identity,
    active,
    consent_sentences,
    current,
    donor_of,
    donors_of,
    history,
    identity_of,
    may_donate,
    signatures_of,
    signed_terms,
)
from consent.queries.forms import form_versions, published_form
from consent.queries.use import counts, denials, permitted, verdict_for
from consent.queries.waiting import waiting
from consent.queries.withdrawals import (
    withdrawal_key,
    withdrawal_under_way,
    withdrawals_of,
    withdrawals_opened,
    withdrawals_watched,
)

__all__ = [
    "Identity",
    "active",
    "consent_sentences",
    "counts",
    "current",
    "denials",
    "diseases",
    "donor_of",
    "donors_of",
    "form_versions",
    "history",
    "identity_of",
    "may_donate",
    "permitted",
    "published_form",
    "signatures_of",
    "signed_terms",
    "verdict_for",
    "waiting",
    "withdrawal_key",
    "withdrawal_under_way",
    "withdrawals_of",
    "withdrawals_opened",
    "withdrawals_watched",
]
