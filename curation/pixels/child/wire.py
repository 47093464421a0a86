"""How a task and its answer travel over pipes: a JSON head with its length before it, then bytes as they are.

What comes back is the word of a process that a file may have taken over. It is read as such: every value is checked,
and whatever is off makes the whole answer none.
"""

import json
import re
import struct
from typing import Any, get_args

from curation.deid.pictures.plan import PixelPlan, PixelRisk, Region
from curation.pixels.task import Drawn, Examined, Finding, Kind, Sheet, Shown, Task

#: Before a request: the bytes of what follows. Before an answer: 'P' (an Examined) or 'F' (a reason), and the same.
LENGTH, HEAD, HEAD_LENGTH = struct.Struct(">Q"), struct.Struct(">cQ"), struct.Struct(">I")
PNG = b"\x89PNG\r\n\x1a\n"
RISKS = get_args(PixelRisk)
MOST_REASONS, MOST_FINDINGS, MOST_SHOWN, MOST_NUMBER = 100, 20_000, 64, 2**31
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


class Garbled(ValueError):
    """A message that does not say what it should."""


def request_of(data: bytes, task: Task) -> tuple[bytes, bytes]:
    """A request for a file as its head and the file."""
    head = {
        "plan": task.plan._asdict(),
        "seeds": task.seeds,
        "new_uid": task.new_uid,
        "drawn": task.drawn,
        "second_look": task.second_look,
    }
    return _headed(head), data


def asked(request: bytes) -> tuple[Task, bytes]:
    """The task and the file of a request."""
    head, rest = _parted(request)
    plan = {name: _plain(name, value) for name, value in head["plan"].items()}
    drawn = tuple(Drawn(frame, Region(*region)) for frame, region in head["drawn"])
    seeds, new_uid, second = tuple(head["seeds"]), head["new_uid"], head["second_look"]
    return Task(PixelPlan(**plan), seeds, new_uid, drawn, second), rest


def _plain(name: str, value: Any) -> Any:
    if name in ("blank", "keep"):
        return tuple(Region(*region) for region in value)
    return tuple(value) if isinstance(value, list) else value


def answer_of(examined: Examined) -> bytes:
    """An answer, but for what goes before it."""
    sheets = [examined.after, examined.before]
    head = {
        "risk": examined.risk,
        "position": examined.position,
        "reasons": examined.reasons,
        # Plain text on the pipe: JSON knows no enumerations.
        "findings": [finding._replace(kind=str(finding.kind)) for finding in examined.findings],  # type: ignore[arg-type]
        "sheets": [None if sheet is None else [len(sheet.png), sheet.frames] for sheet in sheets],
        "data": None if examined.data is None else len(examined.data),
        "is_new": examined.is_new,
    }
    return b"".join([_headed(head), *(sheet.png for sheet in sheets if sheet), examined.data or b""])


def answered(answer: bytes, task: Task) -> Examined:
    """What a child answered to the task; raises Garbled where any of it cannot be so."""
    try:
        head, rest = _parted(answer)
        found = _read(head, rest)
    except Garbled:
        raise
    except Exception:  # whatever a hostile head makes of our reading: the answer is none
        raise Garbled("An answer cannot be read.") from None
    _require(found.risk in RISKS and RISKS.index(found.risk) >= RISKS.index(task.plan.risk))
    _require(isinstance(found.is_new, bool) and (not found.is_new or (found.data is not None and bool(task.new_uid))))
    return found


def _read(head: dict[str, Any], rest: bytes) -> Examined:
    sizes = [each[0] if each else 0 for each in head["sheets"]] + [head["data"] or 0]
    _require(len(sizes) == 3 and all(map(_is_number, sizes)) and sum(sizes) == len(rest))
    after, before = _sheet(head["sheets"][0], rest[: sizes[0]]), None
    if head["sheets"][1] is not None:
        before = _sheet(head["sheets"][1], rest[sizes[0] : sizes[0] + sizes[1]])
    _require(len(head["reasons"]) <= MOST_REASONS and len(head["findings"]) <= MOST_FINDINGS)
    _require(all(isinstance(each, str) and _CODE.fullmatch(each) for each in head["reasons"]))
    _require(type(head["position"]) is int and -MOST_NUMBER <= head["position"] < MOST_NUMBER)
    return Examined(
        risk=head["risk"],
        after=after,
        position=head["position"],
        data=None if head["data"] is None else rest[sizes[0] + sizes[1] :],
        before=before,
        reasons=tuple(head["reasons"]),
        findings=tuple(map(_finding, head["findings"])),
        is_new=head["is_new"],
    )


def _sheet(told: list[Any], png: bytes) -> Sheet:
    _require(png.startswith(PNG) and len(told[1]) <= MOST_SHOWN)
    shown = [Shown(frame, _region(region), float(scale)) for frame, region, scale in told[1]]
    _require(all(_is_number(each.frame) and 0 < each.scale <= 1 for each in shown))
    return Sheet(png, tuple(shown))


def _finding(told: list[Any]) -> Finding:
    frame, region, kind, blanked, confidence, said = told
    _require(frame is None or _is_number(frame))
    _require(isinstance(blanked, bool) and isinstance(said, bool) and 0 <= float(confidence) <= 1)
    return Finding(frame, _region(region), Kind(kind), blanked, float(confidence), said)


def _region(told: list[Any]) -> Region:
    region = Region(*told)
    _require(all(map(_is_number, region)))
    return region


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < MOST_NUMBER


def _require(holds: bool) -> None:
    if not holds:
        raise Garbled("An answer says what cannot be.")


def _headed(head: dict[str, Any]) -> bytes:
    text = json.dumps(head).encode()
    return HEAD_LENGTH.pack(len(text)) + text


def _parted(message: bytes) -> tuple[dict[str, Any], bytes]:
    """Head and rest; raises Garbled."""
    size = HEAD_LENGTH.unpack_from(message)[0] if len(message) >= HEAD_LENGTH.size else len(message)
    _require(HEAD_LENGTH.size + size <= len(message))
    head = json.loads(message[HEAD_LENGTH.size : HEAD_LENGTH.size + size])
    _require(isinstance(head, dict))
    return head, message[HEAD_LENGTH.size + size :]
