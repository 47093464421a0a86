"""The de-identification engine: DICOM bytes in, clean bytes out; plain Python over pydicom, usable as a library."""

from .engine import Deidentifier, deidentify
from .explain import explain
from .notes import Step
from .reading.answers import Identity, Unreadable
from .reading.identity import read_identity
from .results import Cleaned, Quarantined
from .standard.profile import BASIC, RESEARCH, Profile, ProfileError, load_profile
from .values.keys import SubjectKey, derive_group_key, derive_subject_key
from .verify import verify

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
    "verify",
]
