"""Takes a file through engine and examination, and says of every string what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from curation.deid import Cleaned, Deidentifier, derive_subject_key
from curation.pixels.limits import CannotShow
from curation.pixels.task import Examined, Task

from . import judge
from .encoders import LOSSY
from .judge import Fate
from .made import Case, Made
from .tricks import built

KEY = derive_subject_key(b"k" * 32, "subject of the evidence")
Examine = Callable[[bytes, Task], Examined]
#: What a JPEG is blanked by: a region goes on to the next multiple of this.
_BLOCK = 16
#: So much of a string's ink lies where something was found: it was found.
_FOUND = 0.5


@dataclass(frozen=True)
class Outcome:
    """What became of one case.

    `found`: of each string, whether something was found there. `changed`: how many pixels elsewhere differ.
    """

    case: Case
    risk: str
    reasons: tuple[str, ...]
    fates: tuple[Fate, ...] = ()
    found: tuple[bool, ...] = ()
    findings: int = 0
    changed: int = 0
    examined: Examined | None = field(default=None, repr=False)

    @property
    def held(self) -> bool:
        """Whether a person has to look, or nobody may."""
        return self.risk not in ("clear", "clean")

    @property
    def missed(self) -> int:
        """How many strings are shared that are still there."""
        return self.fates.count(Fate.MISSED)


def outcome(case: Case, examine: Examine, engine: Deidentifier | None = None) -> Outcome:
    """The case, made, cleaned, examined and judged."""
    made = built(case)
    cleaned = (engine or Deidentifier(KEY)).clean(made.data)
    if not isinstance(cleaned, Cleaned):
        return _held(made, "quarantined", cleaned.reason)
    task = Task(cleaned.pixel_plan, made.said, new_uid="2.25.4711")
    try:
        examined = examine(cleaned.data, task)
    except CannotShow as refusal:
        return _held(made, "quarantined", refusal.reason)
    return judged(made, cleaned.data, examined)


def _held(made: Made, risk: str, reason: str) -> Outcome:
    return Outcome(
        made.case, risk, (reason,), tuple(Fate.HELD for _ in made.planted), tuple(False for _ in made.planted)
    )


def judged(made: Made, source: bytes, examined: Examined) -> Outcome:
    """What the examination of a cleaned file (`source`) did to its strings."""
    areas = [(each.frame, tuple(each.region)) for each in examined.findings]
    found = tuple(judge.covered(each, areas) >= _FOUND for each in made.planted)
    output = examined.data if examined.data is not None else source
    lossy = made.case.way in LOSSY
    is_held = examined.risk not in ("clear", "clean")
    left = set() if is_held else {id(each) for each in judge.left(made, output, lossy)}
    fates = tuple(judge.fate_of(each, id(each) in left, is_held) for each in made.planted)
    blanked = [
        (frame, _blocks(area, lossy))
        for (frame, area), each in zip(areas, examined.findings, strict=True)
        if each.blanked
    ]
    changed = (
        judge.changed(source, output, blanked)
        if examined.data is not None and made.case.way != "jpeg 2000 lossy"
        else 0
    )
    return Outcome(made.case, examined.risk, examined.reasons, fates, found, len(areas), changed, examined)


def _blocks(area: tuple[int, ...], lossy: bool) -> tuple[int, int, int, int]:
    """The area, or the blocks of a JPEG that it touches and a pixel more: decoders smooth colour between blocks."""
    x, y, width, height = area
    if not lossy:
        return x, y, width, height
    left, top = x // _BLOCK * _BLOCK, y // _BLOCK * _BLOCK
    right, bottom = -(-(x + width) // _BLOCK) * _BLOCK, -(-(y + height) // _BLOCK) * _BLOCK
    return left - 1, top - 1, right - left + 2, bottom - top + 2
