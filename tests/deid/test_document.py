"""The reference page and the conformance statement say what the engine does: the committed ones are current."""

from collections.abc import Callable
from pathlib import Path

import pytest

from curation.deid import BASIC, RESEARCH
from curation.deid.conformance import conformance
from curation.deid.document import document
from curation.deid.folder.survey import WORDS
from curation.deid.standard.rules import OPTIONS, ROWS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize(("name", "make"), [("deidentification.md", document), ("deid-conformance.md", conformance)])
def test_the_committed_page_is_current(name: str, make: Callable[[], str]) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == make()


def test_every_row_and_every_reason_is_on_the_reference_page() -> None:
    page = document()
    assert all(f"| ({tag >> 16:04X},{tag & 0xFFFF:04X}) | {row.name} |" in page for tag, row in ROWS.items())
    assert all(f"| `{code}` | {sentence} |" in page for code, sentence in WORDS.items())


def test_the_statement_names_every_option_and_both_profiles() -> None:
    page = conformance()
    assert page.count("| if chosen |") == len(OPTIONS)
    assert page.count("| yes | if chosen |") == len(RESEARCH.options)
    assert BASIC.digest in page
    assert RESEARCH.digest in page
    assert "| CT Image Storage | `1.2.840.10008.5.1.4.1.1.2` | taken | taken |" in page
