"""The things that can be done to an element; every decision names exactly one."""

from enum import StrEnum


class Action(StrEnum):
    """What happens to an element."""

    # Looked up once for every element: an enumeration's own hash is a function in Python.
    __hash__ = str.__hash__

    KEEP = "keep"
    REMOVE = "remove"
    EMPTY = "empty"
    DUMMY = "dummy"
    UID = "replace UID"
    DATE = "shift date"
    TIME = "keep time if it is one"
    ZONE = "keep time zone if it is one"
    AGE = "cap age"
    PSEUDONYM = "pseudonym"
    WALK = "clean each item"
    CODE_STRING = "keep defined term"
    NUMBER = "keep number"
    TERM = "keep technical term"
    SHUTTER = "keep shutter that no overlay draws"
    CODE = "keep code of a public scheme"
    TEXT = "keep known words"
    SITE = "keyed dummy for a site"
    DEVICE = "keyed dummy for a device"
    NUMBERS = "keep binary numbers"
    HEADER = "write private header anew from its numbers"
    ICC = "keep colours, blank texts"
    CHARSET = "keep character set"
    REFUSE = "refuse the file"
