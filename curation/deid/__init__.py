"""The de-identification engine: DICOM bytes in, clean bytes out; plain Python over pydicom, usable as a library."""

from .clean import Step
from .engine import deidentify
from .explain import explain
from .identity import read_identity
from .keys import SubjectKey, derive_subject_key
from .residual import residual_search
from .results import Cleaned, Identity, Quarantined, Unreadable
from .rules import RULES_DIGEST
from .subject import subject_values

__all__ = [
    "RULES_DIGEST",
    "Cleaned",
    "Identity",
    "Quarantined",
    "Step",
    "SubjectKey",
    "Unreadable",
    "deidentify",
    "derive_subject_key",
    "explain",
    "read_identity",
    "residual_search",
    "subject_values",
]
