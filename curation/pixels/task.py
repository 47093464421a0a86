"""What is asked of the child process for one file, and what it answers: plain values that travel over a pipe."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from curation.deid.pictures.plan import PixelPlan, PixelRisk, Region


class Kind(StrEnum):
    """What a finding in a picture is."""

    TEXT = "text"  # writing that the detector found, or may have
    MARKER = "marker"  # a marking of the closed list, such as L or ERECT: it stays, and nobody has to decide
    DEVICE = "device"  # where a known device writes
    OUTSIDE = "outside"  # outside the regions that an ultrasound device describes
    HIDDEN = "hidden"  # planes in unused bits of the pixels
    DRAWN = "drawn"  # a curator drew it


class Finding(NamedTuple):
    """A place in a picture: never what is written there, since that may be a name.

    `frame`: from 0; None is every frame. `blanked`: nothing of it is left; else a person has to decide, but not on
    markings. `confidence`: the detector's, from 0 to 1. `said`: the header said the same about the donor.
    """

    frame: int | None
    region: Region
    kind: Kind
    blanked: bool
    confidence: float = 1.0
    said: bool = False


class Drawn(NamedTuple):
    """A region that a curator drew, on one frame (from 0) or, with None, on every one."""

    frame: int | None
    region: Region


@dataclass(frozen=True)
class Task:
    """What to do with the picture of one cleaned file.

    `seeds`: what the study's headers said about the donor, as texts; never printed, and no part of an answer.
    `new_uid`: the SOP Instance UID of what is made, where pixels change. `drawn`: regions that curators drew.
    `second_look`: whether a picture that is clear by its header is searched all the same.
    """

    plan: PixelPlan
    seeds: tuple[str, ...] = field(default=(), repr=False)
    new_uid: str = ""
    drawn: tuple[Drawn, ...] = ()
    second_look: bool = True


class Shown(NamedTuple):
    """A frame in a sheet: which one (from 0), where it stands in the PNG, and PNG pixels for each of its own."""

    frame: int
    region: Region
    scale: float


@dataclass(frozen=True)
class Sheet:
    """A PNG of one frame, or of several side by side, and which they are."""

    png: bytes = field(repr=False)
    frames: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class Examined:
    """What became of a file's picture.

    `data`: the whole file with its pixels changed; None where they are as they were. `risk`: the plan's, or a higher
    one by what was seen. `is_new`: pixels changed, so that `data` has the SOP Instance UID of the task. `before`: the
    picture as it came, where anything in it was blanked. `position`: Instance Number, 0 where there is none.
    """

    risk: PixelRisk
    after: Sheet
    position: int = 0
    data: bytes | None = field(default=None, repr=False)
    before: Sheet | None = None
    reasons: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    is_new: bool = False
