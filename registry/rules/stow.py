"""What a store request is answered with (PS3.18 section 10.5.3 and annex I): statuses, reasons, JSON and XML."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final
from xml.etree import ElementTree

JSON: Final = "application/dicom+json"
XML: Final = "application/dicom+xml"
_NAMESPACE: Final = "http://dicom.nema.org/PS3.19/models/NativeDICOM"
_UID: Final = re.compile(r"[0-9.]{1,64}", re.ASCII)
_KEYWORDS: Final = {
    "00081150": ("UI", "ReferencedSOPClassUID"),
    "00081155": ("UI", "ReferencedSOPInstanceUID"),
    "00081190": ("UR", "RetrieveURL"),
    "00081197": ("US", "FailureReason"),
    "00081198": ("SQ", "FailedSOPSequence"),
    "00081199": ("SQ", "ReferencedSOPSequence"),
    "0008119A": ("SQ", "OtherFailuresSequence"),
}


class Reason(IntEnum):
    """Failure Reason (0008,1197), PS3.18 table I.2-2; within A9xx the last digits are this service's own."""

    PROCESSING = 0x0110
    OUT_OF_RESOURCES = 0xA700
    OTHER_STUDY = 0xA901
    CANNOT_UNDERSTAND = 0xC000


@dataclass(frozen=True)
class Instance:
    """What became of one part; `reason` is None where it is kept (also where it was kept before)."""

    sop_class_uid: str = field(default="", repr=False)
    sop_uid: str = field(default="", repr=False)
    reason: Reason | None = None


def status_of(instances: Sequence[Instance]) -> int:
    """200 where all are kept, 202 where some are, 409 where none is (table 10.5.3-1)."""
    failed = sum(instance.reason is not None for instance in instances)
    return 200 if not failed else 202 if failed < len(instances) else 409


def as_json(instances: Iterable[Instance]) -> dict[str, Any]:
    """The Store Instances Response Module (annex I.1) in the DICOM JSON model (annex F).

    Retrieve URL stays empty: what was donated is handed out to nobody. An instance without UIDs that can be named is
    among the Other Failures.
    """
    kept: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for instance in instances:
        named = _named(instance)
        if instance.reason is None:
            kept.append({**named, **_attribute("00081190")})
        elif named["00081155"].get("Value"):
            failed.append({**named, **_attribute("00081197", int(instance.reason))})
        else:
            others.append(_attribute("00081197", int(instance.reason)))
    sequences = {"00081198": failed, "00081199": kept, "0008119A": others}
    found = _attribute("00081190")
    for tag, items in sequences.items():
        found |= _attribute(tag, *items) if items else {}
    return found


def as_xml(instances: Iterable[Instance]) -> bytes:
    """The same in the Native DICOM Model (PS3.19 annex A.1)."""
    root = ElementTree.Element("NativeDicomModel", {"xmlns": _NAMESPACE, "xml:space": "preserve"})
    _fill(root, as_json(instances))
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root)


def accepted(accept: str) -> str | None:
    """Which of the two the Accept header allows, JSON before XML; None for neither."""
    kinds = {part.split(";")[0].strip().lower() for part in accept.split(",")} - {""}
    if not kinds or kinds & {JSON, "application/json", "application/*", "*/*"}:
        return JSON
    return XML if kinds & {XML, "application/xml", "text/xml"} else None


def _named(instance: Instance) -> dict[str, Any]:
    uids = {"00081150": instance.sop_class_uid, "00081155": instance.sop_uid}
    found: dict[str, Any] = {}
    for tag, uid in uids.items():
        found |= _attribute(tag, *([uid] if _UID.fullmatch(uid) else []))
    return found


def is_uid(text: str) -> bool:
    """Whether it can be a UID (PS3.5 section 9.1), loosely: old systems write zeros where none may be."""
    return bool(_UID.fullmatch(text))


def _attribute(tag: str, *values: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"vr": _KEYWORDS[tag][0]}
    return {tag: {**body, "Value": list(values)} if values else body}


def _fill(parent: ElementTree.Element, found: dict[str, Any]) -> None:
    for tag, body in found.items():
        vr, keyword = _KEYWORDS[tag]
        element = ElementTree.SubElement(parent, "DicomAttribute", {"tag": tag, "vr": vr, "keyword": keyword})
        for number, value in enumerate(body.get("Value", ()), 1):
            child = ElementTree.SubElement(element, "Item" if vr == "SQ" else "Value", {"number": str(number)})
            if isinstance(value, dict):
                _fill(child, value)
            else:
                child.text = str(value)
