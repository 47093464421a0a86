"""What the engine gives back for a file: cleaned, or quarantined with a reason."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .files.tree import Value
from .gates.references import OWN
from .notes import Notes
from .outcome import BODY_PART, Told
from .pictures.pixels import COLUMNS, FRAMES, MODALITY, ROWS
from .pictures.plan import PixelPlan, PixelRisk
from .source import SERIES, SOP_INSTANCE, STUDY

STUDY_DATE = 0x00080020


@dataclass(frozen=True)
class Cleaned:
    """A file made safe. All UIDs are the new ones; `study_date` is the moved one, as YYYYMMDD or empty.

    `pieces`: the file's bytes in order, mostly views of the source, which must stay open for as long.
    `own_uids`: those that say what the object is and belongs to (gates/references.py).
    `told`: texts of root elements of the result, by tag (outcome.py: TOLD).
    `pixel_plan`: what is to be done about its picture before it is shared.
    """

    pieces: Sequence[Value] = field(repr=False, compare=False)
    source_sha256: str
    output_sha256: str
    rules_digest: str
    sop_class_uid: str
    sop_instance_uid: str
    series_uid: str
    study_uid: str
    own_uids: frozenset[str]
    modality: str
    body_part: str
    rows: int
    columns: int
    frames: int
    study_date: str
    pixel_plan: PixelPlan
    notes: Sequence[Notes] = field(repr=False, compare=False)
    told: Told = field(repr=False, compare=False)

    @classmethod
    def of(
        cls,
        told: Told,
        *,
        pieces: Sequence[Value],
        source_sha256: str,
        output_sha256: str,
        rules_digest: str,
        sop_class_uid: str,
        pixel_plan: PixelPlan,
        notes: Sequence[Notes],
    ) -> "Cleaned":
        """The file whose root elements tell this of it."""
        return cls(
            pieces=pieces,
            source_sha256=source_sha256,
            output_sha256=output_sha256,
            rules_digest=rules_digest,
            sop_class_uid=sop_class_uid,
            sop_instance_uid=str(told.get(SOP_INSTANCE, "")),
            series_uid=str(told.get(SERIES, "")),
            study_uid=str(told.get(STUDY, "")),
            own_uids=frozenset(str(told[tag]) for tag in OWN if tag in told),
            modality=str(told.get(MODALITY, "")),
            body_part=str(told.get(BODY_PART, "")),
            rows=int(told.get(ROWS, 0)),
            columns=int(told.get(COLUMNS, 0)),
            frames=int(told.get(FRAMES, 1)),
            study_date=str(told.get(STUDY_DATE, "")).replace(".", ""),
            pixel_plan=pixel_plan,
            notes=notes,
            told=told,
        )

    @cached_property
    def data(self) -> bytes:
        """The whole file."""
        return b"".join(self.pieces)

    @property
    def pixel_risk(self) -> PixelRisk:
        """'clear'; 'clean' where it is known what to take out; 'look' where a person has to look at the picture."""
        return self.pixel_plan.risk

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return sum(map(len, self.pieces))

    @cached_property
    def decisions(self) -> Counter[str]:
        """How many elements each rule decided, by rule id."""
        total: Counter[str] = Counter()
        for notes in self.notes:
            total.update(notes.decisions)
        return total

    @cached_property
    def warnings(self) -> int:
        """How much was irregular."""
        return sum(notes.warnings for notes in self.notes)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file that stays where it is: a reason code, a sentence without personal values, and the file's digest."""

    reason: str
    sentence: str
    source_sha256: str
