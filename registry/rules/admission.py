"""What curation hands over when a series is accepted: clean images, described, with where their bytes lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class AdmittedImage:
    """One clean instance. `file_id` is the donated file it came from, `stored_id` its object in the clean zone.

    `undefaced_head`: a face could be made of it, so that it never leaves the sandbox (leaving.py).
    """

    file_id: UUID
    stored_id: UUID
    sha256: str
    size: int
    study_uid: str
    series_uid: str
    sop_uid: str
    sop_class_uid: str
    modality: str
    body_part: str = ""
    rows: int = 0
    columns: int = 0
    frames: int = 1
    undefaced_head: bool = False


@dataclass(frozen=True)
class AdmittedSeries:
    """One accepted series of one donor; `labels` is what the curator noted, such as {"lesion": True}."""

    donor_id: UUID
    programme_id: UUID
    images: Sequence[AdmittedImage]
    labels: Mapping[str, Any] = field(default_factory=dict)
