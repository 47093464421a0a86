"""A data set as the engine holds it: elements in order, values as views of the source, sequences as lists of items."""

from typing import TypeAlias

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

    def text(self) -> bytes:
        """The value as bytes without its trailing padding."""
        return bytes(self.value).rstrip(b" \0")


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
    if element is None or element.items is not None:
        return ""
    return element.text().decode("ascii", "replace").strip()


def number_of(dataset: Dataset, tag: int, little: bool, default: int = 0) -> int:
    """The value of a US, UL or IS element; the default when it is absent or cannot be read."""
    element = find(dataset, tag)
    if element is None or element.items is not None:
        return default
    if element.vr in ("US", "UL"):
        size = 2 if element.vr == "US" else 4
        return int.from_bytes(element.value[:size], "little" if little else "big") if element.value else default
    text = element.text().strip()
    return int(text) if text.isdigit() and len(text) < 12 else default
