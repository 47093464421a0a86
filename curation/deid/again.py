"""Looks at a file that was cleaned before: what would today's rules still take out of it?"""

from collections.abc import Iterator
from re import compile as pattern

from .actions import Action
from .engine import Deidentifier
from .files.buffers import Buffer
from .files.container import read_container
from .files.tree import Dataset, Element
from .notes import Notes
from .reasons import Refused
from .source import Source, admitted, completed, read_plainly
from .standard.claims import WORDS

PRIVATE = "private"
#: What the engine puts in place of a UID, of a site's or device's name, and of a local code: again, it is another one.
_UID, _DUMMY, _LOCAL = pattern(rb"2\.25\.[0-9]+"), pattern(rb"[A-Z2-7]{10}"), pattern(rb"[A-Z2-7]{10}([A-Z2-7]{14})?")
_KEYED = {Action.UID: _UID, Action.SITE: _DUMMY, Action.DEVICE: _DUMMY, Action.CODE: _LOCAL}
#: A date that was moved cannot be told from one that was not: whether it was is the rules digest's to say.
_MOVED = frozenset({Action.DATE})
#: What the engine says of its own work, in its own words: cleaned again, it has less to say.
_CLAIMS = frozenset({0x00120062, 0x00120063, 0x00120064, 0x00280301, 0x00280303})
_CLAIMED = frozenset({b"YES", b"NO", b"DCM", *(words.strip() for words in WORDS)})
_CLAIM_CODE = pattern(rb"113[0-9]{3}")
Place = tuple[int, ...]


def look_again(data: Buffer, engine: Deidentifier) -> list[str]:
    """Codes of what today's rules would take out of a cleaned file; none where they would leave it as it is.

    An attribute by its tag as 8 hex digits, `private` for any private one, or the reason for which the file would be
    refused. `engine`: with the subject's own keys, and with what is known of them. Holds no values, raises nothing.
    """
    try:
        return sorted(set(changes(read_plainly(read_container(data)), engine, Notes(steps=[]))))
    except Refused as refused:
        return [refused.reason]
    except Exception:  # as with cleaning: no file can stop a worker; the cause may hold personal values
        return ["engine_failed"]


def changes(source: Source, engine: Deidentifier, notes: Notes) -> Iterator[str]:
    """The same of a file that was read; `notes`, which count steps, are of what was decided. Raises Refused."""
    source = completed(source, "")
    sop_class, _ = admitted(source, engine.profile)
    before = source.units[0].elements
    after = dict(_walk(engine.context(source, sop_class).clean_whole(before, notes)))
    actions = {(*path, element.tag): decision.action for path, element, decision in notes.steps or ()}
    for place, element in _walk(before):
        tags = place[::2]
        if tags[0] in _CLAIMS and _is_claim(element):
            continue
        if _is_touched(element, after.get(place), actions.get(tags)):
            yield PRIVATE if tags[-1] & 0x10000 else f"{tags[-1]:08x}"


def _walk(elements: Dataset, at: Place = ()) -> Iterator[tuple[Place, Element]]:
    """Every element by its place: tags, and between them the numbers of items."""
    for element in elements:
        place = (*at, element.tag)
        yield place, element
        for number, item in enumerate(element.items or ()):
            yield from _walk(item, (*place, number))


def _is_claim(element: Element) -> bool:
    """Whether an element says nothing but what the engine says of its own work."""
    if element.items is not None:
        return True  # its items are walked one by one
    return all(value in _CLAIMED or _CLAIM_CODE.fullmatch(value) for value in _values(element))


def _values(element: Element) -> list[bytes]:
    return bytes(element.value).strip(b" \0").split(b"\\")


def _is_touched(before: Element, after: Element | None, action: Action | None) -> bool:
    if after is None:
        return True
    if before.items is not None or bytes(before.value) == bytes(after.value) or action in _MOVED:
        return False
    ours = _KEYED.get(action) if action else None
    return ours is None or not all(ours.fullmatch(value) for value in _values(before) if value)
