"""A file that was read, before anything is done to it: may it be cleaned at all, and what does it lack?"""

from operator import attrgetter
from typing import NamedTuple

from .files.container import Container
from .files.tree import Dataset, Element, text_in, text_of
from .pictures.pixels import Plans, pixel_plan
from .pictures.plan import PixelPlan
from .reading.parse import Parser
from .reasons import Refused
from .standard.attribute_types import attribute_type, iod_of
from .standard.profile import Profile
from .units import Unit

SOP_CLASS, SOP_INSTANCE, STUDY, SERIES = 0x00080016, 0x00080018, 0x0020000D, 0x0020000E
_IDENTIFIERS = (SOP_INSTANCE, STUDY, SERIES, SOP_CLASS)
_NAMED = frozenset(_IDENTIFIERS)
#: The tag of a unit that stands for a whole data set.
WHOLE = -1
_TAG = attrgetter("tag")


class Source(NamedTuple):
    """A file that was read: its units, or one that stands for all where it is irregular.

    `judged`: the root elements on which it depends whether the object may be cleaned.
    """

    container: Container
    units: list[Unit]
    warnings: int
    judged: Dataset

    @property
    def whole(self) -> bool:
        """Whether one unit stands for all."""
        return len(self.units) == 1 and self.units[0].tag == WHOLE


def read_plainly(container: Container) -> Source:
    """The file read as a whole, without remembering anything; raises Refused."""
    parser = Parser(container.data)
    whole = Unit(WHOLE, b"", parser.root(container.start, container.encoding), 0)
    return Source(container, [whole], container.warnings + parser.warnings, whole.elements)


def says_where(source: Source) -> bool:
    """Whether an object names its study and its series; the engine makes them up for one that need not and does not."""
    return all(text_of(source.judged, tag) for tag in (STUDY, SERIES))


def completed(source: Source, sha256: str) -> Source:
    """The object with the identifiers that its kind must have and that it lacks.

    Its class is that of the file meta information. Other identifiers stand for values made of what is there: an
    instance without UID is known by its bytes, a series or study without one is that instance's alone. `sha256`: that
    of the file. Raises Refused where no class is named.
    """
    named = {e.tag: text_in(e) for e in reversed(source.judged) if e.tag in _NAMED}
    sop_class = named.get(SOP_CLASS) or source.container.media_class
    if not sop_class:
        raise Refused("missing_identifier")
    instance = named.get(SOP_INSTANCE) or sha256
    missing = [tag for tag in _IDENTIFIERS if not named.get(tag)]
    made = {tag: f"{tag:08X} of {instance}" for tag in missing if tag != SOP_CLASS and _needs(sop_class, tag)}
    if SOP_CLASS in missing:
        made[SOP_CLASS] = sop_class
    if not made:
        return source
    lacking = [Element(tag, "UI", text.encode()) for tag, text in made.items()]
    whole = read_plainly(source.container)
    elements = lacking + [e for e in whole.judged if e.tag not in {element.tag for element in lacking}]
    elements.sort(key=_TAG)
    return Source(whole.container, [Unit(WHOLE, b"", elements, 0)], whole.warnings + len(lacking), elements)


def _needs(sop_class: str, tag: int) -> bool:
    iod = iod_of(sop_class)
    return not iod or attribute_type(iod, 0, tag) == 1


def admitted(source: Source, profile: Profile, plans: Plans | None = None) -> tuple[str, PixelPlan]:
    """SOP class of an object that may be cleaned at all, and what to do about its picture; raises Refused.

    `plans` remembers what was decided about pictures whose headers say the same.
    """
    dataset = source.judged
    sop_class = text_of(dataset, SOP_CLASS)
    if sop_class in profile.refuse:
        raise Refused("sop_class_not_allowed")
    container = source.container
    return sop_class, pixel_plan(
        dataset, sop_class, container.transfer_syntax, container.encoding.little, profile.options, plans
    )
