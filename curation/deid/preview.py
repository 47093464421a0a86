"""What becomes of a file, value by value: what its owner sees beside what researchers would see. Shown, never kept."""

from collections.abc import Iterator
from struct import iter_unpack
from typing import Any

from .engine import Deidentifier
from .explain import name_of, path_of
from .files.buffers import Buffer
from .files.charsets import DEFAULT, decoded, encodings_of
from .files.container import read_container
from .files.representations import BULK
from .files.tree import Dataset, Element
from .notes import Notes
from .reasons import Refused
from .source import admitted, completed, read_plainly

#: No more of a value is shown, and of numbers no more than these.
MOST_LETTERS, MOST_NUMBERS = 200, 8
_NUMBERS = {"US": "H", "SS": "h", "UL": "L", "SL": "l", "FL": "f", "FD": "d"}
Place = tuple[int, ...]


def preview(data: Buffer, engine: Deidentifier) -> dict[str, Any]:
    """`rows` of place, name, value before and after (None where it goes), with the picture's `risk`; or a `reason`.

    `after` is what would be written for this file alone; its picture is not looked at. Raises nothing.
    """
    try:
        return _previewed(data, engine)
    except Refused as refused:
        return {"reason": refused.reason}
    except Exception:  # as with cleaning: the cause may hold personal values
        return {"reason": "engine_failed"}


def _previewed(data: Buffer, engine: Deidentifier) -> dict[str, Any]:
    source = completed(read_plainly(read_container(data)), "")
    sop_class, plan = admitted(source, engine.profile)
    before = source.units[0].elements
    context = engine.context(source, sop_class)
    little = context.encoding.little
    after = dict(walk(context.clean_whole(before, Notes()), DEFAULT, little))
    shown_before = dict(walk(before, DEFAULT, little))
    places = [*shown_before, *(place for place in after if place not in shown_before)]
    rows = [[path_of(place[::2]), name_of(place[-1]), shown_before.get(place), after.get(place)] for place in places]
    return {"rows": rows, "risk": plan.risk, "sop_class": sop_class}


def walk(elements: Dataset, inherited: list[str], little: bool, at: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every value as people read it, by its place: tags, and between them the numbers of items."""
    encodings = encodings_of(elements, inherited)
    for element in elements:
        place = (*at, element.tag)
        if element.items is None:
            yield place, shown(element, encodings, little)
        for number, item in enumerate(element.items or ()):
            yield from walk(item, encodings, little, (*place, number))


def shown(element: Element, encodings: list[str], little: bool) -> str:
    """A value as people read it: text decoded, numbers counted out, of anything else how long it is."""
    if element.fragments or element.vr in BULK:
        return f"({len(element.value):,} bytes)"
    code = _NUMBERS.get(element.vr)
    if code is None:
        return decoded(element, encodings).strip(" \0")[:MOST_LETTERS]
    return _numbers(bytes(element.value), ("<" if little else ">") + code)


def _numbers(value: bytes, form: str) -> str:
    size = {"H": 2, "h": 2, "L": 4, "l": 4, "f": 4, "d": 8}[form[1]]
    whole = value[: len(value) - len(value) % size]
    found = [f"{number:g}" for (number,) in iter_unpack(form, whole[: size * MOST_NUMBERS])]
    return "\\".join(found) + ("\\…" if len(whole) > size * MOST_NUMBERS else "")
