"""What each rule of our own layer is for: a file that needs it, and what is wrong with what becomes of that file."""

from collections.abc import Callable, Iterator

from PIL import ImageCms
from pydicom import Dataset
from pydicom.datadict import dictionary_VR

from curation.deid import BASIC, RESEARCH, Cleaned, Profile, deidentify
from curation.deid.actions import Action
from curation.deid.standard.strengthening import OWN
from tests.deid import checker

from .raw import Plain, file, sequence, text
from .sweep import KEY, WHO, base, cleaned, name

PROFILES = (BASIC, RESEARCH)
_EXPECTED = dict(OWN)


def own(tag: int) -> Iterator[str]:
    """A rule of our own layer: each of these attributes has its own purpose."""
    yield from _urn() if tag == 0x00080120 else _OWN[_EXPECTED[tag]](tag)


def _gone(tag: int) -> Iterator[str]:
    vr = dictionary_VR(tag).split(" or ")[0]
    value = {"DA": b"20190102", "DT": b"20190102101112", "TM": b"101112", "US": b"\0\x60", "CS": b"NO"}.get(vr, b"LUNG")
    element = sequence(tag, [text(0x00080100, "SH", "113109")]) if vr == "SQ" else Plain(tag, vr, value)
    for profile in PROFILES:
        after = cleaned(file(base(element)), profile)
        left = [] if after is None or tag not in after else checker.values(after[tag])
        ours = tag in (0x00120062, 0x00120063, 0x00280303) and left != ["NO"] and left != ["LUNG"]
        codes = [item.CodeValue for item in after[tag].value] if after and vr == "SQ" and tag in after else []
        if after is None or (left and not ours) or "113109" in codes or _times(tag, element, profile) > 1:
            yield f"{name(tag)} stays under {profile.name}: {left}{codes}"


def _times(tag: int, element: Plain, profile: Profile) -> int:
    """How often the element stands in what is written: our own claim may, beside it nothing."""
    result = deidentify(file(base(element)), key=KEY, profile=profile)
    head = (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") + element.vr.encode()
    return result.data.count(head) if isinstance(result, Cleaned) else 0


def _pseudonym(tag: int) -> Iterator[str]:
    for profile in PROFILES:
        after = cleaned(file(base()), profile)
        if after is None or not checker.PSEUDONYM.fullmatch("".join(checker.values(after[tag]))):
            yield f"{name(tag)} is no pseudonym"


def _charset(tag: int) -> Iterator[str]:
    somebody = WHO._replace(family="Latin", given="Iso")
    for profile in PROFILES:
        after = cleaned(file(base(text(tag, "CS", "ISO_IR 100"), who=somebody)), profile)
        if after is None or checker.values(after[tag]) != ["ISO_IR 100"]:
            yield f"{name(tag)} goes where someone is called so"


def _code(tag: int) -> Iterator[str]:
    public = [text(0x00080100, "SH", "39607008"), text(0x00080102, "SH", "SCT"), text(0x00080104, "LO", "Lung")]
    public += [text(0x00080103, "SH", "2016"), text(0x00080119, "UC", "39607008")]
    local = [Plain(each.tag, each.vr, b"Zorbanek") for each in public]
    for profile in PROFILES:
        after = cleaned(file(base(sequence(0x00082218, public, local))), profile)
        wanted = next(each.value for each in public if each.tag == tag)
        first, second = after.AnatomicRegionSequence if after is not None else (Dataset(), Dataset())
        if tag not in first or "".join(checker.values(first[tag])).encode() != wanted:
            yield f"{name(tag)} of a public scheme goes under {profile.name}"
        if tag in second and "Zorbanek" in checker.values(second[tag]):
            yield f"{name(tag)} of a local scheme stays under {profile.name}"


def _urn() -> Iterator[str]:
    """A code that is a URN stays apart from others, and is not told."""
    items = [[Plain(0x00080120, "UR", b"urn:example:zorbanek" + end)] for end in (b".1", b".2")]
    for profile in PROFILES:
        after = cleaned(file(base(sequence(0x00082218, *items))), profile)
        left = {str(item.get("URNCodeValue")) for item in after.AnatomicRegionSequence} if after is not None else set()
        if len(left) < len(items) or any("zorbanek" in each for each in left):
            yield f"codes that are URNs are all alike, or stay, under {profile.name}"


def _shutter(tag: int) -> Iterator[str]:
    for shapes, left in (("BITMAP", []), (r"CIRCULAR\BITMAP", ["CIRCULAR"])):
        after = cleaned(file(base(text(tag, "CS", shapes))), BASIC)
        if after is None or (checker.values(after[tag]) if tag in after else []) != left:
            yield f"{name(tag)}: {shapes}"


def _colours(tag: int) -> Iterator[str]:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    after = cleaned(file(base(Plain(tag, "OB", profile))), BASIC)
    if after is None or tag not in after or b"sRGB".decode().encode("utf-16-be") in after[tag].value:
        yield "colours go, or words stay"


_OWN: dict[Action, Callable[[int], Iterator[str]]] = {
    Action.REMOVE: _gone,
    Action.PSEUDONYM: _pseudonym,
    Action.CHARSET: _charset,
    Action.CODE: _code,
    Action.SHUTTER: _shutter,
    Action.ICC: _colours,
}
