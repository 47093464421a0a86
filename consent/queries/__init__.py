"""What may be read of consent: donors by reader, permitted donors by use, forms, withdrawals."""

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
from consent.queries.logged import entries_of, entries_of_withdrawal, log_problem, log_proofs
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
    "donor_of",
    "donors_of",
    "entries_of",
    "entries_of_withdrawal",
    "form_versions",
    "history",
    "identity_of",
    "log_problem",
    "log_proofs",
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
