"""Which element holds a content item's value, what happens to it, and how ages in numbers are capped.

Value types: PS3.3 section C.17.3.2.1 (reports) and Table 10-2 (content items elsewhere).
"""

from ..actions import Action
from ..decide import Decision
from ..files.representations import TEXT, pad
from ..files.tree import Dataset, Element, find, text_of
from .concepts import BIRTH_DATES, CONCEPTS, SUBJECT_CONCEPTS, Ruling, Treatment

VALUE_TYPE, CONCEPT_NAME, CONTENT_SEQUENCE, REFERENCED_ITEM = 0x0040A040, 0x0040A043, 0x0040A730, 0x0040DB73
VALUE_OF = {
    "TEXT": 0x0040A160,
    "DATE": 0x0040A121,
    "TIME": 0x0040A122,
    "DATETIME": 0x0040A120,
    "PNAME": 0x0040A123,
    "UIDREF": 0x0040A124,
}
_VR_OF = {"TEXT": "UT", "DATE": "DA", "TIME": "TM", "DATETIME": "DT", "PNAME": "PN", "UIDREF": "UI"}
_CLEANING = {
    "TEXT": Action.TEXT,
    "DATE": Action.DATE,
    "DATETIME": Action.DATE,
    "TIME": Action.TIME,
    "PNAME": Action.DUMMY,
    "UIDREF": Action.UID,
}
#: A value type that is known is one of a closed list, whatever the subject is called.
_KEPT = Decision(Action.KEEP, "own:content:value-type", "CS", Action.REMOVE)
#: Values that do not belong to the item's value type.
STRAYS = {tag: Decision(Action.REMOVE, "own:content:stray", "UN", Action.REMOVE) for tag in VALUE_OF.values()}
_CODE_VALUES = (0x00080100, 0x00080119, 0x00080120)
_SCHEME = 0x00080102
_MEASURED, _NUMBER, _UNITS = 0x0040A300, 0x0040A30A, 0x004008EA
#: Floating Point Value, Rational Numerator and Denominator: the same number once more.
_NUMBER_AGAIN = frozenset({0x0040A161, 0x0040A162, 0x0040A163})
#: How many of a unit (UCUM) make the oldest age that is shown, ninety years.
_OLDEST = {"a/UCUM": 90, "mo/UCUM": 1080, "wk/UCUM": 4696, "d/UCUM": 32872, "h/UCUM": 788923, "min/UCUM": 47335320}
#: Concepts whose number is someone's age, whatever its unit is called.
_AGES = frozenset({"121033/DCM", "397669002/SCT", "424144002/SCT", "30525-0/LN", "63900-5/LN"})


def value_type(item: Dataset) -> str:
    """The value type of a content item; NUMERIC, as items outside reports have it, as NUM."""
    kind = text_of(item, VALUE_TYPE)
    return "NUM" if kind == "NUMERIC" else kind


def concept_of(item: Dataset) -> str:
    """The item's concept as 'code/scheme' if a rule names it, else empty: other codes may be anyone's words."""
    concept = _code(item, CONCEPT_NAME)
    return concept if concept in CONCEPTS or concept in BIRTH_DATES else ""


def _code(item: Dataset, sequence: int) -> str:
    found = find(item, sequence)
    if found is None or not found.items:
        return ""
    code = next((text for text in (text_of(found.items[0], tag) for tag in _CODE_VALUES) if text), "")
    return f"{code}/{text_of(found.items[0], _SCHEME)}"


def decisions_for(item: Dataset, kind: str, concept: str, ruling: Ruling, stays: bool) -> dict[int, Decision]:
    """The decisions that the item's ruling makes for its elements; the others are decided as anywhere.

    `stays`: whether an item whose value cannot be cleaned gets a dummy rather than go.
    """
    tag = VALUE_OF.get(kind, VALUE_TYPE)
    if ruling.treatment is Treatment.REMOVE:
        return {tag: Decision(Action.REMOVE, ruling.rule, "CS", Action.REMOVE, ruling.option)}
    if tag == VALUE_TYPE:
        return STRAYS | {tag: Decision(Action.KEEP, ruling.rule, "CS", Action.REMOVE, ruling.option)}
    value = find(item, tag)
    readable = value is not None and value.items is None and value.vr in TEXT
    action = _action(kind, concept, ruling.treatment) if readable else Action.DUMMY
    fallback = Action.DUMMY if stays else Action.REMOVE
    return STRAYS | {VALUE_TYPE: _KEPT, tag: Decision(action, ruling.rule, _VR_OF[kind], fallback, ruling.option)}


def _action(kind: str, concept: str, treatment: Treatment) -> Action:
    """What is done to a value; a UID's dummy is keyed, so that references hold, and the subject's is the pseudonym."""
    if treatment is Treatment.CLEAN:
        return _CLEANING[kind]
    if treatment is Treatment.KEEP:
        return Action.KEEP
    if kind == "UIDREF":
        return Action.UID
    return Action.PSEUDONYM if concept in SUBJECT_CONCEPTS and kind in ("PNAME", "TEXT") else Action.DUMMY


def with_capped_age(item: Dataset) -> Dataset:
    """An item with a number (NUM or NUMERIC), in which no age is above ninety years."""
    measured = find(item, _MEASURED)
    is_age = _code(item, CONCEPT_NAME) in _AGES
    if measured is None:
        return _capped(item, is_age)
    new = Element(_MEASURED, "SQ", items=[_capped(inner, is_age) for inner in measured.items or []])
    return [new if element is measured else element for element in item]


def _capped(item: Dataset, is_age: bool) -> Dataset:
    number, oldest = find(item, _NUMBER), _OLDEST.get(_code(item, _UNITS))
    if is_age and oldest is None:
        oldest = 0  # in a unit that is not known: nobody knows how old
    if number is None or oldest is None or number.items is not None:
        return item
    try:
        if float(number.text(64)) <= oldest:
            return item
    except ValueError:
        pass  # several numbers, or none: nobody knows how old
    capped = Element(_NUMBER, "DS", pad(b"%d" % oldest, "DS"))
    return [capped if element is number else element for element in item if element.tag not in _NUMBER_AGAIN]
