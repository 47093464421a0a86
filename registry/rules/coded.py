"""What the door asks of a file that its donor's browser is said to have de-identified: that it says so, and no name.

That is cheap and keeps mistakes out; whoever wants to can write it. What is really in the file a worker finds out.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from core.texts import gettext_noop as _
from registry.rules.header import Header

#: De-identification Method (0012,0063) of what the engine cleaned (curation/deid/standard/claims.py).
METHOD: Final = "Donara: PS3.15 Basic Profile and coded options"
#: What the engine puts in place of a name and of a patient's number.
_PSEUDONYM: Final = re.compile(r"D-[A-Z2-7]{16}")
CODE: Final = "not_coded"
SENTENCE: Final = _("This image still has something on it that should stay with you, so we did not take it.")


@dataclass(frozen=True)
class Coded:
    """The study that a coded file was of, by its digests (GivenStudy); both are empty where the sender told none."""

    study: str = ""
    study_key: str = ""


def says_coded(header: Header) -> bool:
    """Whether a header says that the engine cleaned the file, and has a pseudonym and no birth date."""
    is_ours = header.identity_removed == "YES" and METHOD in header.method.split("\\")
    is_named = header.patient_name != header.patient_id or not _PSEUDONYM.fullmatch(header.patient_name)
    return is_ours and not is_named and not header.birth_date


def digest_of(study_uid: str) -> str:
    """What a manifest tells of a study: the SHA-256 of its UID, in hexadecimal digits; empty without one."""
    return hashlib.sha256(study_uid.encode("utf-8", "surrogatepass")).hexdigest() if study_uid else ""
