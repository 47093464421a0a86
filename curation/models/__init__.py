"""Curation's tables: what was cleaned and how it stands; what curators read, drew and overlooked."""

from curation.models.cleaned import Derivation, KeyDomain, Refusal, Series, StudyWords, Survey
from curation.models.probes import Probe
from curation.models.readings import Reading, Redaction

__all__ = [
    "Derivation",
    "KeyDomain",
    "Probe",
    "Reading",
    "Redaction",
    "Refusal",
    "Series",
    "StudyWords",
    "Survey",
]
