"""What may be read of consent: donors by reader, permitted donors by use, forms, withdrawals."""

from consent.queries.checks import CheckOf, check_of, waiting_for_check
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
from consent.queries.renewal import Renewal, news_since, progress_of, renewal_of
from consent.queries.standing import usable, why_rests
from consent.queries.unsigned import unsigned_of
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
    "CheckOf",
    "Identity",
    "Renewal",
    "active",
    "check_of",
    "consent_sentences",
    "counts",
    "current",
    "denials",
    "donor_of",
    "donors_of",
    "form_versions",
    "history",
    "identity_of",
    "may_donate",
    "news_since",
    "permitted",
    "progress_of",
    "published_form",
    "renewal_of",
    "signatures_of",
    "signed_terms",
    "unsigned_of",
    "usable",
    "verdict_for",
    "waiting",
    "waiting_for_check",
    "why_rests",
    "withdrawal_key",
    "withdrawal_under_way",
    "withdrawals_of",
    "withdrawals_opened",
    "withdrawals_watched",
]
