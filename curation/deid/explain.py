"""Says for each element of a file what would happen to it and by which rule, without writing anything."""

from pydicom.datadict import dictionary_description

from .engine import Deidentifier
from .files.buffers import Buffer
from .files.container import read_container
from .notes import Notes, Step
from .reading.answers import Unreadable
from .reasons import Refused
from .source import admitted, completed, read_plainly
from .standard.profile import RESEARCH, Profile
from .values.keys import SubjectKey


def explain(data: Buffer, *, key: SubjectKey, profile: Profile = RESEARCH) -> list[Step]:
    """One step an element, in the order of the file; elements inside a removed sequence go with it, unlisted.

    Holds no values. Raises Unreadable where the file would be quarantined.
    """
    engine = Deidentifier(key, profile=profile)
    notes = Notes(steps=[])
    try:
        source = completed(read_plainly(read_container(data)), "")
        sop_class, _ = admitted(source, profile)
        context = engine.context(source, sop_class)
        context.clean_whole(source.units[0].elements, notes)
    except Refused as refused:
        raise Unreadable(refused.reason, refused.sentence) from None
    return [
        Step(path_of((*path, element.tag)), name_of(element.tag), decision.action.value, decision.rule)
        for path, element, decision in notes.steps or ()
    ]


def path_of(tags: tuple[int, ...]) -> str:
    """Where an element stands, as `(0040,0275).(0040,0007)`."""
    return ".".join(f"({tag >> 16:04X},{tag & 0xFFFF:04X})" for tag in tags)


def name_of(tag: int) -> str:
    """What the standard's dictionary calls an attribute; `Private` or `Unknown` for others."""
    if tag >> 16 & 1:
        return "Private"
    try:
        return dictionary_description(tag)
    except KeyError:
        return "Unknown"
