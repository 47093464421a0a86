"""For each sort of rule a file that needs it, and what is wrong with what becomes of it: nothing while the rule holds.

What is expected is taken from the rules when this is imported, or written here; a rule that is taken away later is
missed by it. Where removing a rule changes no byte, since a later rule does the same, the decision must still name it.
"""

import struct
from collections.abc import Iterator

from pydicom import Dataset
from pydicom.datadict import dictionary_VR

from curation.deid import (
    BASIC,
    RESEARCH,
    Cleaned,
    Deidentifier,
    Profile,
    Quarantined,
    deidentify,
    derive_group_key,
    derive_subject_key,
    explain,
)
from curation.deid.content.concepts import CONCEPTS
from curation.deid.gates.gate import Gate
from curation.deid.private.safe import SAFE_PRIVATE
from curation.deid.texts.facts import Facts
from tests.deid import checker, planted, reports

from .midib import failed
from .places import JPEG, compressed
from .raw import Items, Plain, file, sequence, text
from .sweep import KEY, base, cleaned, name, swept
from .sweep import planted as planted_in

PROFILES = (BASIC, RESEARCH)
_VALUES: dict[str, bytes | Items] = {
    "US": b"\7\0",
    "SS": b"\7\0",
    "UL": b"\7\0\0\0",
    "SL": b"\7\0\0\0",
    "FL": b"\0\0\xe0@",
    "IS": b"7",
    "DS": b"7.5",
    "SQ": [[]],
    "UI": b"1.2.826.0.4",
    "AT": b"\x28\0\x10\0",
    "FD": b"\0\0\0\0\0\0\x1c@",
    "CS": b"LUNG",
    "SH": b"LUNG",
    "LO": b"LUNG",
    "TM": b"101112",
    "AS": b"057Y",
}


def row(tag: int) -> Iterator[str]:
    """A row of Table E.1-1: an identity in its attribute goes, and the decision says that the row is why."""
    for profile in PROFILES:
        yield from failed(swept([tag], profile))
        found = planted_in(tag)
        vr = dictionary_VR(tag) if tag not in (0x00081160,) else "IS"
        element = found.element if found else Plain(tag, vr.split(" or ")[0], _VALUES.get(vr[:2], b"\7\0"))
        yield from (f"{name(tag)} by {rule}" for rule in _rules(element, profile) if f"{tag:08X}" not in rule)


def _rules(element: Plain, profile: Profile) -> Iterator[str]:
    for step in explain(file(base(element)), key=KEY, profile=profile):
        if step.path == f"({element.tag >> 16:04X},{element.tag & 0xFFFF:04X})":
            yield step.rule


#: What an option of the profile leaves standing, by VR: words that anyone writes, numbers, dates.
_PLAIN = {**_VALUES, "DA": b"20190102", "DT": b"20190102101112", "ST": b"lung", "LT": b"lung", "UT": b"lung"}
_PLAIN |= {"UC": b"lung", "SQ": [[Plain(0x00280010, "US", b"\1\0")]]}


def _by_options(tag: int) -> tuple[bytes, bytes] | None:
    """A plain value of the attribute as `basic` and as `research` write it; None where the file is held back."""
    vr = dictionary_VR(tag).split(" or ")[0]
    data = file(base(Plain(tag, vr, _PLAIN.get(vr, b"\7\0"))))
    found = [cleaned(data, profile) for profile in PROFILES]
    if any(each is None for each in found):
        return None
    basic, research = (str(each.get(tag) if each is not None else "").encode() for each in found)
    return basic, research


def option_changes_nothing(tag: int) -> bool:
    """Whether the option does nothing to a value of this attribute: of a kind that it does not know, or of a device."""
    found = _by_options(tag)
    return found is None or found[0] == found[1]


def option(tag: int) -> Iterator[str]:
    """An option leaves more of a plain value standing than the Basic Profile does."""
    if option_changes_nothing(tag):
        yield f"{name(tag)} is the same in basic and in research"


def never_shifted(tag: int) -> Iterator[str]:
    """A date that others know is not moved with the donor's."""
    vr = dictionary_VR(tag)
    value = {"DA": b"20190102", "DT": b"20190102101112", "TM": b"101112"}.get(vr, b"20190102")
    after = cleaned(file(base(Plain(tag, vr, value), text(0x00080020, "DA", "20190102"))), RESEARCH)
    left = checker.values(after[tag]) if after is not None and tag in after else []
    if after is None or [each for each in left if each not in checker.DUMMIES]:
        yield f"{name(tag)}: {left}"


def offsets(tag: int) -> Iterator[str]:
    """A table of where a compressed picture's frames lie, and how long they are, stays."""
    frame = b"\xff\xd8\xff\xda\0\4\0\0\x12\x34\xff\xd9"
    fragments = struct.pack("<HHLHHL", 0xFFFE, 0xE000, 0, 0xFFFE, 0xE000, len(frame)) + frame
    tables = Plain(0x7FE00001, "OV", bytes(8)), Plain(0x7FE00002, "OV", len(frame).to_bytes(8, "little"))
    after = cleaned(compressed(fragments, JPEG, *tables), BASIC)
    if after is None or tag not in after:
        yield f"{name(tag)} goes"


def kept(tag: int) -> Iterator[str]:
    """A technical term or a binary value that use needs stays, also in basic; a term that names the subject goes."""
    vr = dictionary_VR(tag).split(" or ")[-1]
    value = b"XR-7 plus" if vr not in ("OB", "OW", "OF", "OD", "OL", "OV") else bytes(range(16))
    for profile in PROFILES:
        after = cleaned(file(base(Plain(tag, vr, value[:16]))), profile)
        found = after[tag].value if after is not None and tag in after else b""
        if (found if isinstance(found, bytes) else str(found).encode()).rstrip(b"\0 ") != value[:16].rstrip(b"\0 "):
            yield f"{name(tag)} goes under {profile.name}"
    yield from failed(swept([tag]))


def grouped(tag: int) -> Iterator[str]:
    """Sites and devices keep dummies by which a domain's objects can be grouped, and which say nothing."""
    vr = dictionary_VR(tag)
    found = set()
    for subject in ("one", "two"):
        key, group = derive_subject_key(b"k" * 32, subject), derive_group_key(b"k" * 32)
        result = Deidentifier(key, group_key=group, profile=BASIC).clean(file(base(text(tag, vr, "Zorbanek 12345"))))
        after = checker.read(result.data) if isinstance(result, Cleaned) else Dataset()
        found.add("".join(checker.values(after[tag])) if tag in after else "")
    if len(found) != 1 or found & checker.DUMMIES or any("orbanek" in each for each in found):
        yield f"{name(tag)}: {sorted(found)}"


def scheme(designator: str) -> Iterator[str]:
    """A public coding scheme is named still."""
    item = [text(0x00080100, "SH", "4711"), text(0x00080102, "SH", designator), text(0x00080104, "LO", "Lung")]
    after = cleaned(file(base(sequence(0x00082218, item))), BASIC)
    if after is None or after.AnatomicRegionSequence[0].CodingSchemeDesignator != designator:
        yield f"codes of {designator} go"


def safe_private(creator: str, tag: int) -> Iterator[str]:
    """A safe private value stays under the option, and not without it."""
    known = _SAFE[creator, tag]
    number = 0x1000 | tag & 0xFF
    block = [
        Plain(tag & 0xFFFF0000 | 0x10, "LO", creator.encode()),
        Plain(tag & 0xFFFF0000 | number, known, _VALUES[known]),
    ]
    for profile in PROFILES:
        data = file(base(*block, text(0x00081030, "LO", "Zorbanek")))
        after = cleaned(data, profile)
        there = after is not None and (tag >> 16, number) in after
        if there != profile.has("retain_safe_private"):
            yield f"{creator} {tag:08X} under {profile.name}"


#: How safe private values are written that may stay at all: long text and opaque bytes go in any case.
PRIVATE_VRS = frozenset(_VALUES)
_SAFE = {place: row.vr for place, row in SAFE_PRIVATE.items()}
_CONCEPTS = {concept: dict(kinds) for concept, kinds in CONCEPTS.items()}
_CONTENT = {
    "TEXT": "Zorbanek lung",
    "PNAME": "Zorbanek^X",
    "DATE": "20190102",
    "TIME": "101112.5",
    "NUM": "7 mm",
    **dict.fromkeys(("IMAGE", "WAVEFORM", "COMPOSITE"), "1.2.826.0.8"),
    "DATETIME": "20190102101112",
    "UIDREF": "1.2.826.0.7.7",
    "CODE": "39607008/SCT/Lung",
    "CONTAINER": "",
}


_REFERENCES = ("IMAGE", "WAVEFORM", "COMPOSITE")


def concept(key: str) -> Iterator[str]:
    """A row of Table E.3.4-1: the decision about its content items names it, and what somebody wrote is gone."""
    for kind in _CONCEPTS[key].keys() & _CONTENT.keys():
        item = reports.content("IMAGE" if kind in _REFERENCES else kind, key, _CONTENT[kind])
        item.ValueType = kind
        data = planted.as_file(reports.report(item))
        rules = {step.rule for step in explain(data, key=KEY) if "(0040,A730)" in step.path}
        if not any(key in rule for rule in rules):
            yield f"{key} {kind} is decided by {sorted(rules)}"
        after = deidentify(data, key=KEY)
        if isinstance(after, Quarantined) or b"orbanek" in after.data:
            yield f"{key} {kind} stays"


def fact(tag: int) -> Iterator[str]:
    """What one attribute says of someone or somewhere may be repeated in no other."""
    word = "Qx4815"  # a short code, which a kernel might be called
    after = cleaned(file(base(text(tag, dictionary_VR(tag), word), text(0x00181210, "SH", word))), BASIC)
    if after is None or word in str(after.get("ConvolutionKernel")):
        yield f"what {name(tag)} says stays elsewhere"


#: A name that each encoding alone writes in its way.
_NAMES = {
    "utf-8": "Κυνη Люк",
    "latin-1": "Þórðarð",
    "utf-16-le": "Κυνηγ",
    "utf-16-be": "Κυνηγ",
    "gb18030": "小东王",
    "shift_jis": "山田太",
    "euc_jp": "山田太",
    "iso2022_jp_2": "山田太",
    "euc_kr": "홍길동",
    "iso2022_kr": "홍길동",
    "iso8859_2": "Škvořák",
    "iso8859_5": "Люкceм",
    "iso8859_6": "قباني",
    "iso8859_7": "Διον",
    "iso8859_8": "שרון",
    "iso8859_9": "İğdırş",
    "tis_620": "นามสกุล",
}


def encoding(which: str) -> Iterator[str]:
    """A name is found by the gate in what will be written, in this encoding."""
    written = b"x " * 8 + _NAMES[which].encode(which) + b" y" * 8
    if "name" not in Gate(Facts(names=frozenset({_NAMES[which]}))).traces(written).kinds:
        yield f"{which} is not searched"


def taken(sop_class: str) -> Iterator[str]:
    """An object of this kind is taken."""
    if cleaned(file(base(sop_class=sop_class)), RESEARCH) is None:
        yield f"{sop_class} is refused"


def refused(sop_class: str) -> Iterator[str]:
    """An object of this kind is held back, for its own reason."""
    result = deidentify(file(base(sop_class=sop_class)), key=KEY)
    if not isinstance(result, Quarantined) or result.reason == "sop_class_not_allowed":
        yield f"{sop_class} is taken, or refused without saying why"
