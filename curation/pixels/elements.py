"""The root elements of a file and where each stands, so that what is not changed stays as it is, byte for byte."""

from typing import NamedTuple

from curation.deid.files.container import Container, read_container
from curation.deid.files.syntax import Encoding
from curation.deid.files.tree import Dataset, Element
from curation.deid.private.safe import Creators
from curation.deid.reading.parse import Parser
from curation.deid.reasons import Refused
from curation.pixels.limits import BROKEN, CannotShow


class Placed(NamedTuple):
    """A root element, and where its bytes begin and end."""

    element: Element
    start: int
    end: int


class _Placing(Parser):
    """Reads as the engine does, and remembers where root elements stand."""

    def __init__(self, container: Container) -> None:
        super().__init__(container.data)
        self.places: list[tuple[int, int]] = []

    def element(
        self, head: tuple[int, bytes, int], at: int, end: int, encoding: Encoding, depth: int, creators: Creators
    ) -> tuple[Element, int]:
        found, after = super().element(head, at, end, encoding, depth, creators)
        if not depth:
            self.places.append((at, after))
        return found, after


def read(data: bytes) -> tuple[Container, list[Placed]]:
    """A file's container and its root elements in order; raises CannotShow where the engine does not read it."""
    try:
        container = read_container(data)
        parser = _Placing(container)
        found: Dataset = parser.root(container.start, container.encoding)
    except Refused:
        raise CannotShow(BROKEN) from None
    return container, [Placed(element, *place) for element, place in zip(found, parser.places, strict=True)]
