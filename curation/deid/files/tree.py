"""A data set as the engine holds it: elements in order, values as views of the source, sequences as lists of items."""

from typing import TypeAlias

from ..limits import MAX_LISTED_BYTES
from ..reasons import Refused

Value: TypeAlias = bytes | memoryview


class Element:
    """One attribute: its tag, its VR, and either a raw value or the items of a sequence.

    `fragments` marks encapsulated pixel data: the value is then everything between header and final delimiter.
    """

    __slots__ = ("fragments", "items", "tag", "value", "vr")

    def __init__(
        self,
        tag: int,
        vr: str,
        value: Value = b"",
        items: "list[Dataset] | None" = None,
        fragments: bool = False,
    ) -> None:
        self.tag = tag
        self.vr = vr
        self.value = value
        self.items = items
        self.fragments = fragments

    def text(self, most: int | None = None) -> bytes:
        """The value, or its first `most` bytes, without trailing padding."""
        return bytes(self.value[:most]).rstrip(b" \0")

    def values(self) -> list[bytes]:
        """The single values of a text element without padding; raises Refused where there are absurdly many."""
        if len(self.value) > MAX_LISTED_BYTES:
            raise Refused("too_many_elements")
        return [value.strip(b" \0") for value in self.text().split(b"\\")]


Dataset: TypeAlias = list[Element]


def find(dataset: Dataset, tag: int) -> Element | None:
    """The element with this tag, or None."""
    for element in dataset:
        if element.tag == tag:
            return element
    return None


def text_of(dataset: Dataset, tag: int) -> str:
    """The value of a plain text element as ASCII, other bytes replaced; empty when it is absent or a sequence."""
    element = find(dataset, tag)
    return "" if element is None else text_in(element)


def text_in(element: Element) -> str:
    """The value of a plain text element as ASCII, other bytes replaced; empty for a sequence."""
    return "" if element.items is not None else element.text().decode("ascii", "replace").strip()


def number_of(dataset: Dataset, tag: int, little: bool, default: int = 0) -> int:
    """The value of a US, UL or IS element; the default when it is absent or cannot be read."""
    element = find(dataset, tag)
    return default if element is None else number_in(element, little, default)


def number_in(element: Element, little: bool, default: int = 0) -> int:
    """The value of a US, UL or IS element; the default when it cannot be read."""
    if element.items is not None:
        return default
    if element.vr in ("US", "UL"):
        size = 2 if element.vr == "US" else 4
        return int.from_bytes(element.value[:size], "little" if little else "big") if element.value else default
    text = element.text().strip()
    return int(text) if text.isdigit() and len(text) < 12 else default
