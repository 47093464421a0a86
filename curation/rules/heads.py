"""Whether a series shows so much of a head that a face could be made of it: from names of places and from geometry.

A surface made of CT, MR or PET slices is a face where they cover it. What is not known counts as a head. Plain Python.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

Vector = tuple[float, ...]

#: Modalities of which slices make a volume.
VOLUMES = frozenset({"CT", "MR", "PT"})
#: A volume of fewer slices, or smaller in one of the body's directions (left, back, up; in mm), makes no face.
FEWEST_SLICES, LEAST_MM = 5, (60.0, 60.0, 40.0)
#: A scan as long as this along the body reaches beyond the part that it is named after.
LONG_MM = 700.0


class Head(StrEnum):
    """Whether a head is shown. MAYBE is treated as HEAD."""

    HEAD = "head"
    MAYBE = "maybe"
    NO = "no"


class Place(StrEnum):
    """What of the body a header names."""

    HEAD = "head"
    WHOLE = "whole"
    ELSEWHERE = "elsewhere"
    UNKNOWN = ""


#: Words that name the head or a part of it; those of five letters and more also begin longer ones.
HEAD_WORDS = (
    "HEADNECK",
    *("HEAD", "BRAIN", "SKULL", "FACE", "FACIAL", "ORBIT", "EYE", "SINUS", "NASAL", "NOSE", "PITUITAR", "SELLA", "EAR"),
    *("IAC", "TEMPORAL", "MANDIB", "MAXILL", "JAW", "TMJ", "CRANI", "CEREB", "NEURO", "DENTAL", "TEETH", "HIPPOCAMP"),
    *("NECK", "PAROTI", "PETROUS", "MASTOID", "TONGUE", "KOPF", "SCHAEDEL", "HIRN", "TETE", "CRANE", "CABEZA", "TESTA"),
)
WHOLE_WORDS = ("WHOLE", "WHOLEBODY", "WB", "TOTALBODY", "BODY")
ELSEWHERE_WORDS = (
    *("CHEST", "THORA", "LUNG", "HEART", "CARDIA", "CORONARY", "BREAST", "MAMMA", "ABDOM", "LIVER", "HEPATI", "KIDNEY"),
    *("RENAL", "PELVI", "HIP", "PROSTAT", "BLADDER", "UTERUS", "COLON", "PANCREA", "SPINE", "CSPINE", "TSPINE"),
    *("LSPINE", "SSPINE", "LUMBAR", "SACRUM", "KNEE", "LEG", "FOOT", "ANKLE", "TOE", "HAND", "WRIST", "FINGER"),
    *("ELBOW", "ARM", "SHOULDER", "EXTREMIT", "FEMUR", "TIBIA", "THIGH", "CALF"),
)
#: Codes of anatomic regions (SNOMED CT and its earlier form, PS3.16 annex L), by place.
CODES = {
    **dict.fromkeys(("69536005", "T-D1100", "12738006", "T-A0100", "89546000", "T-11100"), "head"),
    **dict.fromkeys(("89545001", "T-D1200", "774007", "T-D1000", "45048000", "T-D1600"), "head"),
    **dict.fromkeys(("363654007", "T-D14AE", "81745001", "T-AA000", "117590005", "91609006", "70925003"), "head"),
    **dict.fromkeys(("417437006", "R-FAB52", "416319003", "R-FAB54"), "head"),  # neck and chest, and more
    **dict.fromkeys(("38266002", "T-D0010"), "whole"),
    **dict.fromkeys(("51185008", "T-D3000", "113345001", "T-D4000", "12921003", "T-D6000"), "elsewhere"),
    **dict.fromkeys(("72696002", "T-D9200", "39607008", "T-28000", "80891009", "T-32000"), "elsewhere"),
    **dict.fromkeys(("416550000", "R-FAB55", "416775004", "R-FAB56", "416949008", "R-FAB57"), "elsewhere"),
    **dict.fromkeys(("421060004", "T-D04FF", "122494005", "122495006", "122496007", "818982008"), "elsewhere"),
}
_WORD = re.compile(r"[^A-Z0-9]+")
_BEGINS = 5


@dataclass(frozen=True)
class Extent:
    """What one file adds to a volume. Lengths in mm, in the patient's directions (PS3.3 section C.7.6.2.1.1).

    `orientation`: direction cosines of rows and columns; `along`: the first and last slice's distance from the origin
    along their normal; none where the header does not say. `size`: a slice's width, height and thickness.
    """

    place: str = Place.UNKNOWN
    slices: int = 1
    orientation: Vector = ()
    along: Vector = ()
    size: Vector = ()

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "Extent":
        """What `as_dict` gave; nothing known of an empty one."""
        known: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in said.items()}
        return cls(**known)


def place_of(body_part: str, codes: str, names: Iterable[str] = ()) -> Place:
    """What a header names: body part and codes of regions first, then names of protocols and series.

    `codes`: code values with blanks between them. Of several places the one that is nearest to a head.
    """
    coded = {Place(CODES[code]) for code in codes.upper().split() if code in CODES}
    for found in (coded | _named([body_part]), _named(names)):
        for place in (Place.HEAD, Place.WHOLE, Place.ELSEWHERE):
            if place in found:
                return place
    return Place.UNKNOWN


def _named(texts: Iterable[str]) -> set[Place]:
    words = {word for text in texts for word in _WORD.split(text.upper()) if word}
    return {place for place, known in _PLACES for each in known if any(_means(word, each) for word in words)}


def _means(word: str, known: str) -> bool:
    return word in (known, f"{known}S") or (len(known) >= _BEGINS and word.startswith(known))


_PLACES = ((Place.HEAD, HEAD_WORDS), (Place.WHOLE, WHOLE_WORDS), (Place.ELSEWHERE, ELSEWHERE_WORDS))


def head_in(modality: str, extents: Sequence[Extent]) -> Head:
    """Whether the files of a series show a head: `extents` has one for each."""
    if modality not in VOLUMES or sum(extent.slices for extent in extents) < FEWEST_SLICES:
        return Head.NO
    boxes = _boxes(extents)
    if boxes is not None and not any(_covers(box) for box in boxes):
        return Head.NO
    places = {extent.place for extent in extents}
    if Place.HEAD in places or Place.WHOLE in places:
        return Head.MAYBE if boxes is None else Head.HEAD
    longest = LONG_MM if boxes is None else max(box[2] for box in boxes)
    return Head.NO if places == {Place.ELSEWHERE} and (boxes is None or longest < LONG_MM) else Head.MAYBE


def _boxes(extents: Iterable[Extent]) -> list[Vector] | None:
    """How far each stack of equally directed slices reaches in the body's three directions; None if one is unknown.

    A stack of too few slices reaches nowhere.
    """
    stacks: dict[Vector, list[Extent]] = defaultdict(list)
    for extent in extents:
        if not (len(extent.orientation) == 6 and len(extent.along) == 2 and len(extent.size) == 3):
            return None
        stacks[tuple(round(cosine, 1) + 0.0 for cosine in extent.orientation)].append(extent)
    return [_box(stack) for stack in stacks.values()]


def _box(stack: Sequence[Extent]) -> Vector:
    levels = {round(place, 1) for extent in stack for place in extent.along}
    slices = max(len(levels), max(extent.slices for extent in stack))
    if slices < FEWEST_SLICES:
        return (0.0, 0.0, 0.0)
    width, height, thick = (max(extent.size[n] for extent in stack) for n in range(3))
    depth = max(levels) - min(levels) + thick
    row, column = stack[0].orientation[:3], stack[0].orientation[3:]
    across = normal(stack[0].orientation)
    return tuple(abs(row[n]) * width + abs(column[n]) * height + abs(across[n]) * depth for n in range(3))


def normal(orientation: Sequence[float]) -> Vector:
    """The direction across slices: the vector product of their rows' and columns' directions."""
    a, b = orientation[:3], orientation[3:]
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def _covers(box: Vector) -> bool:
    return all(length >= least for length, least in zip(box, LEAST_MM, strict=True))
