"""What curators decide: series are accepted, rejected, or go back to be blanked; and answers to planted writing."""

from curation.actions.admitting import admitted
from curation.actions.deciding import accept_series, reject_series
from curation.actions.probing import answer_probe
from curation.actions.redacting import redact_series

__all__ = ["accept_series", "admitted", "answer_probe", "redact_series", "reject_series"]
