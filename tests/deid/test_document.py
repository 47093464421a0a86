"""The reference page says what the engine does: it is made from the rules, and the committed one is current."""

from pathlib import Path

from curation.deid.document import document

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "deidentification.md"


def test_the_committed_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == document()
