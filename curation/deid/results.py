"""What the engine gives back for a file: cleaned, quarantined with a reason, or who the file says it is about."""

from collections import Counter
from dataclasses import dataclass, field

from .pixels import PixelRisk


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file made safe. All UIDs are the new ones; `study_date` is the moved one, as YYYYMMDD or empty.

    `pixel_risk`: 'clear', or 'look' where a person has to look at the picture before it is shared.
    `decisions` counts the elements by rule id; `warnings` counts what was irregular.
    """

    data: bytes = field(repr=False)
    source_sha256: str
    output_sha256: str
    rules_digest: str
    sop_class_uid: str
    sop_instance_uid: str
    series_uid: str
    study_uid: str
    modality: str
    body_part: str
    rows: int
    columns: int
    frames: int
    study_date: str
    pixel_risk: PixelRisk
    decisions: Counter[str] = field(repr=False)
    warnings: int


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file that stays where it is: a reason code, a sentence without personal values, and the file's digest."""

    reason: str
    sentence: str
    source_sha256: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a file says it is about, for asking a donor 'is this you?'. Personal; never logged, so repr hides it."""

    patient_name: str = field(repr=False)
    family_name: str = field(repr=False)
    given_name: str = field(repr=False)
    patient_id: str = field(repr=False)
    birth_date: str = field(repr=False)
    sex: str = field(repr=False)
    study_date: str = field(repr=False)
    study_uid: str = field(repr=False)
    series_uid: str = field(repr=False)
    sop_instance_uid: str = field(repr=False)
    sop_class_uid: str
    modality: str


class Unreadable(Exception):
    """A file whose header cannot be read; `sentence` says why, without personal values."""

    def __init__(self, reason: str, sentence: str) -> None:
        self.reason = reason
        self.sentence = sentence
        super().__init__(sentence)
