"""Curation's tables: what was cleaned and how it stands; what curators read, drew and overlooked."""

from curation.models.cleaned import Derivation, KeyDomain, Links, Refusal, Series, StudyWords, Survey
from curation.models.probes import Probe
from curation.models.readings import Reading, Redaction
from curation.models.rechecks import Recheck, Rechecked

__all__ = [
    "Derivation",
    "KeyDomain",
    "Links",
    "Probe",
    "Reading",
    "Recheck",
    "Rechecked",
    "Redaction",
    "Refusal",
    "Series",
    "StudyWords",
    "Survey",
]
