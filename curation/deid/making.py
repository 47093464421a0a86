"""Makes the outcome of a unit: as if nobody were named, which most often holds for everyone, or in one context."""

from collections.abc import Iterator

from .context import Context
from .decide import DecisionTable
from .files.syntax import Encoding
from .files.tree import Dataset, Element, Value
from .gates.traces import Traces, is_read, lowered, read_as_text, shown_by, texts_of, together
from .outcome import TOLD, Outcome, composed, told_by
from .reading.parse import PIXEL_TAGS, UNDEFINED, Parser
from .texts.spellings import ESCAPE
from .units import Unit, Units

_JOINED = 128 * 1024
# Longer values that stay as they were are waveforms, look-up tables, meshes: measured numbers.
_SAMPLES = 4096
_ESCAPED = 0x1B


def kept(unit: Unit, table: DecisionTable) -> Outcome | None:
    """The outcome that a unit has, if it holds by this table: it was made by it, or by one that decides the same."""
    outcome = unit.outcome
    if outcome is None or outcome.asked is None:
        return None
    if outcome.table is not table:
        if not _decides_the_same(table, unit, outcome):
            return None
        outcome.table = table
    return outcome


def _decides_the_same(table: DecisionTable, unit: Unit, outcome: Outcome) -> bool:
    """Whether a table decides about a unit's elements as the outcome has it; of sequences that is not asked."""
    decided = (decision for notes in outcome.notes for decision in notes.decided)
    return all(
        element.items is None and (element.tag & 0x10000 or table.decide(element.tag, element.vr, 0) == decision)
        for element, decision in zip(unit.elements, decided, strict=True)
    )


def free(context: Context, unit: Unit) -> Outcome | None:
    """The unit's outcome where nobody is named, with the questions that it hangs on. Raises Refused.

    None where that cannot be told of others than those who are named here.
    """
    if unit.by_items:
        return None
    if unit.parts:
        parts, unit.parts = unit.parts, ()
        outcome = composed([kept(part, context.table) for part in parts], context.table)
        if outcome is not None:
            return outcome
    questions = context.cleaner.echoes = context.subject.questions
    outcome = _made(context, unit)
    outcome.asked = questions.taken(outcome.read)
    return None if outcome.escaped or outcome.asked is None else outcome


def bound(context: Context, unit: Unit) -> Outcome:
    """The unit's outcome in this context. Raises Refused."""
    context.cleaner.echoes = context.echoes
    return _made(context, unit)


def _made(context: Context, unit: Unit) -> Outcome:
    cleaner = context.cleaner
    cleaner.begin(context.subject.new_notes(), context.encodings)
    if unit.by_items:
        return _by_items(context, unit)
    if unit.alone is not None:
        return _alone(context, unit.alone, unit.raw)
    if unit.tag in PIXEL_TAGS and not unit.size & 1 and unit.elements[0].items is None:
        return _picture(context, unit.elements[0])
    cleaned = cleaner.dataset(unit.elements)
    pieces: list[Value] = []
    size = context.writer.dataset(cleaned, pieces)
    pixels = {id(element.value) for element in cleaned if element.tag in PIXEL_TAGS}
    # Pixel values stay a piece of their own: the gate leaves them out.
    if size <= _JOINED and not pixels:
        pieces = [b"".join(pieces)] if pieces else []
    outcome = Outcome(pieces, [cleaner.notes], context.table)
    outcome.told = told_by(cleaned, context.encoding.little)
    search(outcome, cleaned, [piece for piece in pieces if id(piece) not in pixels])
    return outcome


def _alone(context: Context, element: Element, raw: bytes | memoryview) -> Outcome:
    """That of one element without items, which most units are; `raw`: as it was written."""
    cleaner = context.cleaner
    cleaned = cleaner.root_element(element)
    if cleaned is None:
        return Outcome([], [cleaner.notes], context.table)
    stays = cleaned is element and context.as_it_was and not len(raw) & 1
    written = bytes(raw) if stays else context.writer.element(cleaned)
    outcome = Outcome([written], [cleaner.notes], context.table)
    if cleaned.tag in TOLD:
        outcome.told = told_by([cleaned], True)
    outcome.bare = lowered(written)
    if is_read(cleaned):
        outcome.read = bytes(cleaned.value).translate(None, b"\0")
        if _ESCAPED in written:
            outcome.escaped = lowered(ESCAPE.sub(b"", written))
    outcome.shown = shown_by(written, outcome.read)
    return outcome


def _picture(context: Context, element: Element) -> Outcome:
    """That of pixel data, whose values stay a piece of their own that the gate leaves out."""
    cleaned = context.cleaner.root_element(element)
    pieces: list[Value] = []
    if cleaned is not None:
        context.writer.dataset([cleaned], pieces)
    outcome = Outcome(pieces, [context.cleaner.notes], context.table)
    outcome.bare = lowered(b"".join([piece for piece in pieces if cleaned is None or piece is not cleaned.value]))
    return outcome


def search(outcome: Outcome, cleaned: Dataset, pieces: list[Value]) -> None:
    """Notes in an outcome what some pieces show by themselves, and what the gate searches of them."""
    samples = [piece for piece in pieces if len(piece) > _SAMPLES and isinstance(piece, memoryview)]
    if samples:
        pieces = [piece for piece in pieces if not (len(piece) > _SAMPLES and isinstance(piece, memoryview))]
    written = b"".join(pieces)
    bare = lowered(written)
    outcome.read = read_as_text(texts_of(cleaned))
    if _ESCAPED in bare:
        outcome.escaped = lowered(ESCAPE.sub(b"", written))
    outcome.bare = b"\n".join([bare, *map(lowered, samples)]) if samples else bare
    outcome.shown = shown_by(written, outcome.read)


def _by_items(context: Context, unit: Unit) -> Outcome:
    """A long sequence whose items are cleaned one by one, so that its tree is never held whole."""
    cleaner, writer = context.cleaner, context.writer
    cleaner.notes.decided.append(context.table.decide(unit.tag, "SQ", 0))
    content = bytearray()
    traces: set[Traces] = set()
    for item in items_of(unit, context.encoding):
        pieces: list[Value] = []
        cleaned = cleaner.item(item, unit.tag)
        writer.item(cleaned, pieces)
        traces.add(traced(context, cleaned, pieces))
        content += b"".join(pieces)
    head = writer.header(unit.tag, "SQ", len(content))
    outcome = Outcome([head, bytes(content)], [cleaner.notes], context.table)
    outcome.shown = together(traces)
    return outcome


def traced(context: Context, cleaned: Dataset, pieces: list[Value]) -> Traces:
    """What some pieces of output show, and whom the gate finds in them; pixel values are left out."""
    pixels = {id(element.value) for element in cleaned if element.tag in PIXEL_TAGS}
    searched = Outcome([], [], context.table)
    search(searched, cleaned, [piece for piece in pieces if id(piece) not in pixels])
    return together((searched.shown, context.gate.found(searched.bare, searched.read, searched.escaped)))


def items_of(unit: Unit, encoding: Encoding) -> Iterator[Dataset]:
    """The items of a long sequence, each read when it is asked for. Raises Irregular and Refused."""
    start = 12 if encoding.explicit else 8
    open_end = int.from_bytes(unit.raw[start - 4 : start], "little") == UNDEFINED
    units = Units(encoding)
    for at, after in units.items(unit.raw, start, len(unit.raw), open_end):
        item = bytes(unit.raw[at:after])
        yield Parser(item).items(0, len(item), encoding, 0, False)[0][0]
