"""The de-identification engine: DICOM bytes in, clean bytes out; plain Python over pydicom, usable as a library."""

from .engine import Deidentifier, deidentify
from .explain import explain
from .identity import read_identity
from .keys import SubjectKey, derive_group_key, derive_subject_key
from .notes import Step
from .profile import BASIC, RESEARCH, Profile, ProfileError, load_profile
from .residual import residual_search
from .results import Cleaned, Identity, Quarantined, Unreadable
from .subject import subject_values

RULES_DIGEST = RESEARCH.digest

__all__ = [
    "BASIC",
    "RESEARCH",
    "RULES_DIGEST",
    "Cleaned",
    "Deidentifier",
    "Identity",
    "Profile",
    "ProfileError",
    "Quarantined",
    "Step",
    "SubjectKey",
    "Unreadable",
    "deidentify",
    "derive_group_key",
    "derive_subject_key",
    "explain",
    "load_profile",
    "read_identity",
    "residual_search",
    "subject_values",
]
