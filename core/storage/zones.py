"""The seven zones that objects lie in, and the states of an object's row."""

from enum import StrEnum


class Zone(StrEnum):
    """Where an object lies says who may read it."""

    INCOMING = "incoming"  # parts of files, read again by the web process until they are pieces of one (pieces.py)
    QUARANTINE = "quarantine"  # as it came: read by the cleaner
    REVIEW = "review"  # renders made by workers, for curators' pages
    CLEAN = "clean"  # de-identified objects and manifests
    OUTPUTS = "outputs"  # what jobs produced, held
    RELEASED = "released"  # what reviewers let go
    TAKEOUT = "takeout"  # copies of what a donor sent, made by the cleaner for that donor and kept for some days


class ObjectState(StrEnum):
    """An object's row exists before its bytes and outlives them."""

    RESERVED = "reserved"
    STORED = "stored"
    ERASED = "erased"


class Damage(StrEnum):
    """What was found of an object's bytes when they were last compared with their digest, where something was."""

    DOUBTED = "doubted"  # it did not fit once, and is looked at again before anybody is told
    CHANGED = "changed"
    GONE = "gone"


TRANSITIONS = {
    ObjectState.RESERVED: frozenset({ObjectState.STORED, ObjectState.ERASED}),
    ObjectState.STORED: frozenset({ObjectState.ERASED}),
    ObjectState.ERASED: frozenset[ObjectState](),
}
