"""What curators decide: a series is accepted, rejected, or blanked; answers to planted writing; and rechecks."""

from curation.actions.admitting import admitted
from curation.actions.deciding import accept_series, reject_series
from curation.actions.probing import answer_probe
from curation.actions.rechecking import start_recheck
from curation.actions.redacting import redact_series

__all__ = ["accept_series", "admitted", "answer_probe", "redact_series", "reject_series", "start_recheck"]
