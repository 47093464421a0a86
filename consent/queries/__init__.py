"""What may be read of consent: donors by reader, permitted donors by use, forms, withdrawals."""

from consent.queries.certificates import certificate_of, log_of, programme_of
from consent.queries.checks import CheckOf, check_of, waiting_for_check
from consent.queries.diseases import diseases
from consent.queries.donors import (
    Identity,
    accounts_of,
    active,
    consent_sentences,
    current,
    donor_of,
    donors_behind,
    donors_of,
    donors_watched,
    history,
    identity_of,
    may_donate,
    signatures_of,
    signed_terms,
)
from consent.queries.effects import counted
from consent.queries.fhir import fhir_consent
from consent.queries.forms import form_versions, newest_published, published_form
from consent.queries.limits import closed_since, closed_to_new, in_force, may_contact, may_give_new, to_write_to
from consent.queries.logged import entries_of, entries_of_withdrawal, log_problem, log_proofs
from consent.queries.past import Moment, held_at, permitted_at, verdict_at, verdict_on_held
from consent.queries.renewal import Renewal, news_since, progress_of, renewal_of
from consent.queries.spoken import kept_said, spoken
from consent.queries.standing import usable, why_rests
from consent.queries.tallies import Tallied, ends_tallied, not_tallied, tallied
from consent.queries.unsigned import unsigned_of
from consent.queries.use import (
    answers_of,
    counts,
    denials,
    goes_on,
    last_day,
    obligations,
    permitted,
    verdict_for,
)
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
    "CheckOf",
    "Identity",
    "Moment",
    "Renewal",
    "Tallied",
    "accounts_of",
    "active",
    "answers_of",
    "certificate_of",
    "check_of",
    "closed_since",
    "closed_to_new",
    "consent_sentences",
    "counted",
    "counts",
    "current",
    "denials",
    "diseases",
    "donor_of",
    "donors_behind",
    "donors_of",
    "donors_watched",
    "ends_tallied",
    "entries_of",
    "entries_of_withdrawal",
    "fhir_consent",
    "form_versions",
    "goes_on",
    "held_at",
    "history",
    "identity_of",
    "in_force",
    "kept_said",
    "last_day",
    "log_of",
    "log_problem",
    "log_proofs",
    "may_contact",
    "may_donate",
    "may_give_new",
    "newest_published",
    "news_since",
    "not_tallied",
    "obligations",
    "permitted",
    "permitted_at",
    "programme_of",
    "progress_of",
    "published_form",
    "renewal_of",
    "signatures_of",
    "signed_terms",
    "spoken",
    "tallied",
    "to_write_to",
    "unsigned_of",
    "usable",
    "verdict_at",
    "verdict_for",
    "verdict_on_held",
    "waiting",
    "waiting_for_check",
    "why_rests",
    "withdrawal_key",
    "withdrawal_under_way",
    "withdrawals_by_donor",
    "withdrawals_of",
    "withdrawals_opened",
    "withdrawals_watched",
]
