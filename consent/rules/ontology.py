"""Reads a file of diseases: a line for each with its id, its label and the ids of what it is a kind of, by tabs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from consent.rules import reading
from consent.rules.diseases import DiseaseTree
from core.canonical import digest_of
from core.errors import Invalid

MOST_LINES: Final = 500_000
LONGEST_ID, LONGEST_LABEL, LONGEST_SOURCE = 40, 500, 500


@dataclass(frozen=True, slots=True)
class Disease:
    """One disease as the file has it: what it is called and what it is a kind of."""

    label: str
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OntologyFile:
    """What a file says. `unlisted` are parents that it names and does not list: nothing is known of them."""

    source: str
    diseases: Mapping[str, Disease]
    unlisted: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 in hex of the diseases, whatever order the file has them in."""
        return digest_of({code: [each.label, *each.parents] for code, each in self.diseases.items()})


def read(lines: Iterable[str]) -> OntologyFile:
    """The diseases of a file; lines after # are remarks, and the first of them says what it is.

    Raises Invalid with a sentence that names the line, for one bad line makes the whole file doubtful.
    """
    source, named = "", dict[str, Disease]()
    for number, line in enumerate(lines, 1):
        if number > MOST_LINES:
            raise Invalid(f"The file has more than {MOST_LINES:,} lines.")
        if line.startswith("#"):
            source = source or line.lstrip("# ").strip()[:LONGEST_SOURCE]
        elif line.strip():
            code, disease = _disease(line.rstrip("\r\n"), f"Line {number}")
            if code in named:
                raise Invalid(f"Line {number} names {code}, which an earlier line names too.")
            named[code] = disease
    if not named:
        raise Invalid("The file names no disease.")
    _refuse_circles(named)
    unlisted = set(chain.from_iterable(disease.parents for disease in named.values())) - set(named)
    return OntologyFile(source, named, tuple(sorted(unlisted)))


def _disease(line: str, where: str) -> tuple[str, Disease]:
    columns = line.split("\t")
    if len(columns) not in (2, 3):
        raise Invalid(f"{where} must have an id, a label and the ids above it, with tabs between.")
    code, label, above = (*columns, "")[:3]
    code = reading.as_diseases([code], where)[0]
    parents = reading.as_diseases(above.split(), f"{where}: what is above")
    text = reading.as_text(label, f"{where}: the label")
    if text is None or len(text) > LONGEST_LABEL or any(len(each) > LONGEST_ID for each in (code, *parents)):
        raise Invalid(f"{where} has no label, or something in it is too long.")
    return code, Disease(text, parents)


def _refuse_circles(named: Mapping[str, Disease]) -> None:
    """Raises Invalid where a disease is above itself, so that nothing could be said to be narrower than it."""
    tree = DiseaseTree({code: disease.parents for code, disease in named.items()})
    circles = (code for code, disease in named.items() if _is_above_itself(code, disease.parents, tree))
    if (first := next(circles, None)) is not None:
        raise Invalid(f"{first} is above itself, by way of what is above it.")


def _is_above_itself(code: str, parents: Iterable[str], tree: DiseaseTree) -> bool:
    return any(code == parent or code in tree.ancestors(parent) for parent in parents)


def tree_of(rows: Iterable[tuple[str, str, str]], built_in: DiseaseTree) -> DiseaseTree:
    """A tree of (id, label, ids above with spaces between) over the built-in list, of which it says more."""
    kept = list(rows)
    return built_in.overlaid(dict(_parents(kept)), {code: label for code, label, _ in kept})


def _parents(rows: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, list[str]]]:
    return ((code, above.split()) for code, _, above in rows)
