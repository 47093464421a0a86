"""Sums up outcomes as the tables of the page: fates by group, what was found by size and contrast, false alarms."""

from collections.abc import Callable, Iterable, Sequence

from .cases import CONTRASTS, GROUNDS, SIZES
from .judge import Fate
from .outcomes import Outcome

#: What each group of cases is, in words.
GROUPS = {
    "size": "each size at each contrast",
    "turned": "turned, mirrored, letter below letter",
    "style": "outlined, boxed, cut, in corners, dotted, many lines",
    "script": "accents, Cyrillic, Greek, Armenian, Georgian, Arabic, Hebrew",
    "cine": "some frames, one, the last, moving, fading",
    "stored": "every way of storing, depth and photometric interpretation",
    "hidden": "spare bits, beyond the window, equal colours, more than is declared",
    "liar": "headers that say otherwise",
    "stranger": "somebody whom the header does not know",
}


def tables(outcomes: Sequence[Outcome]) -> str:
    """All tables, as Markdown."""
    parts = (fates(outcomes), recall(outcomes), by_ground(outcomes), alarms(outcomes))
    return "\n\n".join(parts)


def missed(outcomes: Iterable[Outcome]) -> list[str]:
    """The cases in which something is shared that is still there."""
    return [each.case.name for each in outcomes if each.missed]


def fates(outcomes: Sequence[Outcome]) -> str:
    """Of each group: pictures, strings (a string on eight frames is eight), and what became of them."""
    lines = [
        "| Writing | Pictures | Strings, by frame | Cleaned | Held | Missed | In the noise | Of all found |",
        _rule(8),
    ]
    for group, words in GROUPS.items():
        lines.append(_fate(words, [each for each in outcomes if each.case.group == group]))
    lines.append(_fate("**all**", [each for each in outcomes if each.case.group in GROUPS]))
    return "\n".join(lines)


def _fate(words: str, some: Sequence[Outcome]) -> str:
    strings = [fate for each in some for fate in each.fates]
    found = sum(sum(each.found) for each in some)
    counts = [len(some), len(strings), *(strings.count(fate) for fate in Fate), found]
    return f"| {words} | " + " | ".join(f"{count:,}" for count in counts) + " |"


def recall(outcomes: Sequence[Outcome]) -> str:
    """How many strings the detector found, by size and contrast."""
    lines = ["| Size of font | " + " | ".join(map(_contrast, CONTRASTS)) + " |", _rule(len(CONTRASTS) + 1)]
    for size in SIZES:
        cells = (_share(_of(outcomes, size, contrast)) for contrast in CONTRASTS)
        lines.append(f"| {size} px | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _of(outcomes: Sequence[Outcome], size: int, contrast: int) -> list[Outcome]:
    some = [each for each in outcomes if each.case.group == "size"]
    return [each for each in some if _is(each, size, contrast)]


def _is(each: Outcome, size: int, contrast: int) -> bool:
    words = each.case.writings[0]
    return words.size == size and abs(words.contrast) == contrast


def _contrast(contrast: int) -> str:
    return "black or white" if contrast == CONTRASTS[-1] else f"{contrast} of 255"


def _share(some: Sequence[Outcome]) -> str:
    found = [every for each in some for every in each.found]
    return f"{sum(found)} of {len(found)}"


def by_ground(outcomes: Sequence[Outcome]) -> str:
    """What was found, and what became of it, on each real picture."""
    lines = ["| Picture, and what its header says it is | Found | Cleaned | Held | Missed | In the noise |", _rule(6)]
    for ground, kind, _ in GROUNDS:
        some = [each for each in outcomes if each.case.group == "size" and each.case.background == ground]
        strings = [fate for each in some for fate in each.fates]
        counts = " | ".join(str(strings.count(fate)) for fate in Fate)
        lines.append(f"| {ground}, {kind.upper()} | {_share(some)} | {counts} |")
    return "\n".join(lines)


def alarms(outcomes: Sequence[Outcome]) -> str:
    """Pictures without writing: which are held, and in which something was found."""
    lines = ["| Without writing, as | Pictures | Held | Something found |", _rule(4)]
    some = [each for each in outcomes if each.case.group == "plain"]
    for kind in dict.fromkeys(each.case.kind for each in some):
        of = [each for each in some if each.case.kind == kind]
        counts = (len(of), _count(of, lambda each: each.held), _count(of, lambda each: each.findings > 0))
        lines.append(f"| {kind.upper()} | " + " | ".join(map(str, counts)) + " |")
    return "\n".join(lines)


def _count(some: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> int:
    return sum(map(holds, some))


def _rule(columns: int) -> str:
    return "| :-- |" + " --: |" * (columns - 1)
