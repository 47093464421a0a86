"""What rules and refusals say in English, in the reader's language: the one place that translates it."""

from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from core.texts import Filled


def said(text: str) -> str:
    """A text of ours in the reader's language, with its values; one that nobody has translated stays as it is."""
    if not isinstance(text, Filled):
        return gettext(text)
    return gettext(text.template) % {name: _written(value) for name, value in text.values.items()}


def _written(value: Any) -> str:
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return number_format(value, force_grouping=True) if isinstance(value, int) else said(value)
