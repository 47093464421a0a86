"""What curators decide about series, planted writing and rechecks; and what a donor's browser is lent."""

from curation.actions.admitting import admitted
from curation.actions.deciding import accept_series, reject_series
from curation.actions.lending import Lent, lend_key, lend_numbers
from curation.actions.probing import answer_probe
from curation.actions.rechecking import start_recheck
from curation.actions.redacting import redact_series

__all__ = [
    "Lent",
    "accept_series",
    "admitted",
    "answer_probe",
    "lend_key",
    "lend_numbers",
    "redact_series",
    "reject_series",
    "start_recheck",
]
