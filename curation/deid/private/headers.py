"""Private elements that wrap a whole header of their own, of which only numbers from a closed list are written anew."""

from .acquisition import CSA_CREATOR, CSA_HEADERS
from .csa import rebuilt_csa
from .ge_protocol import rebuilt_ge_protocol

_GE_CREATOR, _GE_PROTOCOL = "GEMS_SERS_01", 0x0025001B
_GZIP = b"\x1f\x8b"


def is_header(creator: str, tag: int) -> bool:
    """Whether an element is a Siemens CSA header or GE's protocol block, whatever its block's number."""
    place = tag & 0xFFFF00FF
    return (creator == CSA_CREATOR and place in CSA_HEADERS) or (creator == _GE_CREATOR and place == _GE_PROTOCOL)


def rebuilt_header(data: bytes | memoryview) -> bytes | None:
    """The header made anew, by what it begins like; None where it cannot be read or nothing of it may stay."""
    return rebuilt_ge_protocol(data) if bytes(data[4:6]) == _GZIP else rebuilt_csa(data)
