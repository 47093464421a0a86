"""What may be read of consent: donors by reader, permitted donors by use, forms, withdrawals."""

from consent.queries.certificates import certificate_of, programme_of
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
from consent.queries.limits import closed_to_new, in_force, may_contact, may_give_new
from consent.queries.use import counts, denials, permitted, verdict_for
from consent.queries.waiting import waiting
from consent.queries.withdrawals import (
    withdrawal_key,
    withdrawal_under_way,
    withdrawals_by_donor,
    withdrawals_of,
    withdrawals_opened,
    withdrawals_watched,
)

__all__ = [
    "Identity",
    "active",
    "certificate_of",
    "closed_to_new",
    "consent_sentences",
    "counts",
    "current",
    "denials",
    "donor_of",
    "donors_of",
    "form_versions",
    "history",
    "identity_of",
    "in_force",
    "may_contact",
    "may_donate",
    "may_give_new",
    "permitted",
    "programme_of",
    "published_form",
    "signatures_of",
    "signed_terms",
    "verdict_for",
    "waiting",
    "withdrawal_key",
    "withdrawal_under_way",
    "withdrawals_by_donor",
    "withdrawals_of",
    "withdrawals_opened",
    "withdrawals_watched",
]
