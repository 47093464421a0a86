"""Makes the reference page about de-identification from the rules, so that it says what the engine does."""

from collections.abc import Iterable
from string import Template

from pydicom.datadict import dictionary_description

from . import limits
from .files.write import IMPLEMENTATION_UID
from .folder.survey import WORDS
from .reasons import SENTENCES
from .resources import DATA
from .standard import strengthening
from .standard.claims import BASIC, OPTION_CODES
from .standard.coding_schemes import CODING_SCHEMES
from .standard.profile import RESEARCH
from .standard.rules import ROWS, SOURCE


def document() -> str:
    """The page `docs/reference/deidentification.md`."""
    template = Template((DATA / "reference.md").read_text(encoding="utf-8"))
    return template.substitute(
        source=SOURCE,
        digest=RESEARCH.digest,
        methods=" and ".join(f"{code} ({meaning})" for code, meaning in (BASIC, *OPTION_CODES.values())),
        implementation=IMPLEMENTATION_UID.decode(),
        folder_reasons=table(
            ("Reason", "Sentence"), ((f"`{code}`", text) for code, text in WORDS.items() if code not in SENTENCES)
        ),
        reasons=table(("Reason", "Sentence"), ((f"`{code}`", text) for code, text in SENTENCES.items())),
        limits=table(("Limit", "Value"), ((f"`{name}`", f"{value:,}") for name, value in _limits())),
        never_shifted=_names(strengthening.NEVER_SHIFTED),
        own=table(("Tag", "Name", "Action"), ((_tag(tag), _name(tag), act) for tag, act in _own())),
        terms=_names(strengthening.TERMS),
        schemes=", ".join(sorted(CODING_SCHEMES)),
        table_note=f"{len(ROWS)} rows, and private elements, curves and overlays as above.",
        table=table(("Tag", "Name", "Basic", "Under an option"), _rows()),
    )


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _limits() -> list[tuple[str, int]]:
    return sorted((name, value) for name, value in vars(limits).items() if name.startswith("MAX_"))


def _own() -> list[tuple[int, str]]:
    return sorted((tag, action.value) for tag, action in strengthening.OWN.items())


def _rows() -> Iterable[tuple[str, str, str, str]]:
    for tag, row in ROWS.items():
        yield _tag(tag), row.name, row.basic, ", ".join(f"{name}: {code}" for name, code in row.options.items())


def _tag(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def _name(tag: int) -> str:
    return dictionary_description(tag)


def _names(tags: Iterable[int]) -> str:
    return ", ".join(f"{_name(tag)} {_tag(tag)}" for tag in sorted(tags))
