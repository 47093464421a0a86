"""Which Type (PS3.5 section 7.4) an attribute has in an object: 1 needs a value, 2 may be empty, 3 may be absent."""

from .rules import TYPES

_ANY_IOD: dict[str, int] = TYPES["any_iod"]
_BY_IOD: dict[str, dict[str, int]] = TYPES["by_iod"]
_IOD_OF: dict[str, str] = TYPES["iod_of_sop_class"]
UNKNOWN = 0


def iod_of(sop_class: str) -> str:
    """The IOD (PS3.3) of a storage SOP class; empty when it is not known."""
    return _IOD_OF.get(sop_class, "")


def attribute_type(iod: str, parent: int, tag: int) -> int:
    """1, 2 or 3 (conditional Types count as 1 or 2); 0 when no module of any object is known to hold the attribute.

    `parent` is the tag of the enclosing sequence, 0 at the root.
    """
    key = f"{parent:08X}:{tag:08X}"
    in_this_object = _BY_IOD.get(iod, {}).get(key)
    return in_this_object if in_this_object is not None else _ANY_IOD.get(key, UNKNOWN)
