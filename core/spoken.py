"""Says in the reader's language what rules and refusals say in English."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from core.texts import Filled


def said(text: str) -> str:
    """The text as the reader's language has it; one that nobody has translated stays as it is."""
    if not text:
        return ""  # what gettext has for nothing is the catalogue's own head
    if isinstance(text, Filled):
        words = {name: _word(word) for name, word in text.words.items()}
        return gettext(text.template).format(**words) if words else gettext(text.template)
    return gettext(text)


def _word(word: object) -> object:
    if isinstance(word, Filled):
        return said(word)
    return date_format(word, "DATE_FORMAT") if isinstance(word, date) else word
