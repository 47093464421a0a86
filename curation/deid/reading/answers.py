"""Whom a file says it is about, or why its header cannot be read."""

from dataclasses import dataclass, field


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
