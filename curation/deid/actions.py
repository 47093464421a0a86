"""The things that can be done to an element; every decision names exactly one."""

from enum import StrEnum


class Action(StrEnum):
    """What happens to an element."""

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
    CODE = "keep code of a public scheme"
    CHARSET = "keep character set"
    REFUSE = "refuse the file"
