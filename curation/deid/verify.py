"""Checks a file that is said to have been cleaned elsewhere, as in a donor's browser; nothing it says is believed."""

from collections.abc import Iterator

from .again import changes
from .engine import Deidentifier
from .files.buffers import Buffer, digest
from .files.container import Container, read_container
from .files.syntax import ENCODINGS
from .files.tree import Dataset, Value, find, text_of
from .files.write import Writer, file_meta
from .gates.gate import Gate, texts_of
from .notes import Notes
from .outcome import told_by
from .pictures.plan import PixelPlan
from .reading.parse import PIXEL_TAGS
from .reasons import Refused
from .results import Cleaned
from .source import SOP_CLASS, SOP_INSTANCE, Source, admitted, read_plainly
from .standard.claims import BASIC, METHOD_TEXT, OPTION_CODES
from .values.terms import MASK

#: Codes beside those of `look_again`: it is not written as the engine writes files; it does not say how it was cleaned,
#: or claims what the profile does not do; something known of its subject stands in it; its picture is not clear.
FORM, CLAIMS, RESIDUAL, PICTURE = "file_form", "claims", "residual_identity", "picture_not_clear"
_REMOVED, _METHOD, _CODES, _CODE = 0x00120062, 0x00120063, 0x00120064, 0x00080100


def verify(data: Buffer, engine: Deidentifier) -> list[str]:
    """Codes of what keeps a file from being taken as clean; none where every rule of the engine's profile holds in it.

    `engine`: with the subject's own key, and with what is known of them, which is searched for all but pixels.
    That dates were moved, and dummies made with the right key, cannot be told from a file by itself: a browser that
    leaves them harms its own donor alone. Holds no values, raises nothing.
    """
    found = accepted(data, engine)
    return [] if isinstance(found, Cleaned) else found


def accepted(data: Buffer, engine: Deidentifier) -> Cleaned | list[str]:
    """A file that was cleaned elsewhere, told of as if it had been here; or the codes of `verify`. Raises nothing.

    What became of its UIDs is not known here: it has no part in the comparison of references (gates/references.py).
    """
    notes = Notes(steps=[])
    found: set[str] = set()
    try:
        source = read_plainly(read_container(data))
        _, plan = admitted(source, engine.profile)
        found.update(_found(data, source, plan, engine))
        found.update(changes(source, engine, notes))
        return sorted(found) or _told(data, source, plan, engine, notes)
    except Refused as refused:
        return sorted({*found, refused.reason})
    except Exception:  # as with cleaning: no file can stop a worker; the cause may hold personal values
        return sorted({*found, "engine_failed"})


def _told(data: Buffer, source: Source, plan: PixelPlan, engine: Deidentifier, notes: Notes) -> Cleaned:
    told = told_by(source.units[0].elements, source.container.encoding.little)
    sha256, said = digest(data), Notes()
    # The dummy for a text that went is no text of which something stays.
    said.texts = {(tag, text) for tag, text in notes.texts if text != MASK}
    return Cleaned.of(
        told,
        pieces=[memoryview(data)],
        source_sha256=sha256,
        output_sha256=sha256,
        rules_digest=engine.profile.digest,
        sop_class_uid=str(told.get(SOP_CLASS, "")),
        pixel_plan=plan,
        notes=[said],
    )


def _found(data: Buffer, source: Source, plan: PixelPlan, engine: Deidentifier) -> Iterator[str]:
    elements = source.units[0].elements
    if plan.risk != "clear":
        yield PICTURE
    if source.warnings or b"".join(_written(source.container, elements)) != bytes(data):
        yield FORM
    if not _claimed(elements, engine):
        yield CLAIMS
    if _shows(elements, source.container, Gate(engine.study)):
        yield RESIDUAL


def _written(container: Container, elements: Dataset) -> list[Value]:
    """The file as the engine would write these elements: what stands between or behind them is not among these."""
    sop_class, instance = text_of(elements, SOP_CLASS), text_of(elements, SOP_INSTANCE)
    pieces: list[Value] = [file_meta(sop_class.encode(), instance.encode(), container.transfer_syntax)]
    Writer(ENCODINGS[container.transfer_syntax]).dataset(elements, pieces)
    return pieces


def _claimed(elements: Dataset, engine: Deidentifier) -> bool:
    """Whether it says that it was cleaned by this engine, with options that the profile has (PS3.16 CID 7050)."""
    method, codes = find(elements, _METHOD), find(elements, _CODES)
    said = {text_of(item, _CODE) for item in (codes.items if codes and codes.items else ())}
    may = {BASIC[0], *(code[0] for option, code in OPTION_CODES.items() if engine.profile.has(option))}
    is_ours = method is not None and METHOD_TEXT in method.values()
    return text_of(elements, _REMOVED) == "YES" and is_ours and BASIC[0] in said <= may


def _shows(elements: Dataset, container: Container, gate: Gate) -> bool:
    """Whether anything known of the subject stands in what is not a picture."""
    rest = [element for element in elements if element.tag not in PIXEL_TAGS]
    pieces: list[Value] = []
    Writer(ENCODINGS[container.transfer_syntax]).dataset(rest, pieces)
    return bool(gate.hits([gate.traces(b"".join(pieces), texts_of(rest))]))
