"""Has references of one file lead to what became of the objects that they name, once those have new identifiers.

An image whose pixels change is another object with another UID (docs/adr/0007-blanked-images.md). Reports,
segmentations and presentation states of its study name the one before; their other bytes stay as they are.
"""

from collections.abc import Mapping

from curation.deid.files.representations import pad
from curation.deid.files.tree import Dataset, Element
from curation.pixels import elements
from curation.pixels.file import SOP_INSTANCE, Changes, put_together


def repointed(data: bytes, uids: Mapping[str, str]) -> bytes:
    """The file with every UID that is a key of `uids`, at every depth, replaced; the same bytes where none is.

    The object's own SOP Instance UID stays. Raises CannotShow where the file cannot be read.
    """
    known = {old.encode(): new.encode() for old, new in uids.items()}
    if not any(old in data for old in known):
        return data
    container, placed = elements.read(data)
    changes: Changes = {}
    for each in placed:
        made = each.element if each.element.tag == SOP_INSTANCE else _element(each.element, known)
        if made is not each.element:
            changes[made.tag] = made
    return put_together(container, placed, changes, container.transfer_syntax) if changes else data


def _element(element: Element, known: Mapping[bytes, bytes]) -> Element:
    """The element with its UIDs replaced; the same object where there were none."""
    if element.items is not None:
        items = [_item(item, known) for item in element.items]
        same = all(new is old for new, old in zip(items, element.items, strict=True))
        return element if same else Element(element.tag, element.vr, items=items)
    if element.vr != "UI":
        return element
    values = element.values()
    made = [known.get(value, value) for value in values]
    return element if made == values else Element(element.tag, "UI", pad(b"\\".join(made), "UI"))


def _item(item: Dataset, known: Mapping[bytes, bytes]) -> Dataset:
    made = [_element(element, known) for element in item]
    return item if all(new is old for new, old in zip(made, item, strict=True)) else made
