"""The codes that a consent may use: the GA4GH Data Use Ontology and our own few where it has none."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from core.texts import Filled
from core.texts import gettext_noop as _

Kind = Literal["permission", "modifier"]

DATA: Final = Path(__file__).parent / "data"
LOCAL_BASE: Final = "https://donara.example/terms/"


@dataclass(frozen=True, slots=True)
class Term:
    """One code: `code` is its short form, `id` its CURIE, `uri` its stable address."""

    code: str
    id: str
    uri: str
    kind: Kind
    label: str
    definition: str


def load_data(name: str) -> Any:
    """The JSON in `consent/rules/data/{name}`."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _load(name: str) -> dict[str, Term]:
    return {row["code"]: Term(**row) for row in load_data(name)["terms"]}


DUO: Final = _load("duo.json")
LOCAL: Final = _load("local_terms.json")
TERMS: Final = DUO | LOCAL
PERMISSIONS: Final = frozenset(code for code, term in TERMS.items() if term.kind == "permission")
MODIFIERS: Final = frozenset(code for code, term in TERMS.items() if term.kind == "modifier")
_BY_NAME: Final = {name: term.code for term in TERMS.values() for name in (term.code, term.id, term.uri)}


def code_of(name: str) -> str | None:
    """The short code for a code, a CURIE such as `DUO:0000042` or a URI; None for what is not known."""
    return _BY_NAME.get(name)


#: A term's label, then its code.
TERM: Final = _("{term} ({code})")


def named(code: str) -> str:
    """A term as it is named in a sentence: its label (as consent/queries/labels.py has it), its code in brackets."""
    return Filled(TERM, term=Filled(TERMS[code].label), code=code) if code in TERMS else code
