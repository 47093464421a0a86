"""Marks texts that are translated where they are shown, and fills sentences: for rules, which know no Django."""

from collections.abc import Iterable
from datetime import date
from typing import Any


def gettext_noop(text: str) -> str:
    """The text as it is; whoever gathers texts for translation finds it by this name."""
    return text


class Filled(str):
    """A sentence in English with values in it, which remembers both, so that `core.said` can translate it later."""

    template: str
    values: dict[str, Any]


def filled(template: str, **values: Any) -> Filled:
    """The sentence with these values at its `%(name)s`. Mark the template by `gettext_noop`.

    Numbers and dates are written as the reader's language does, words of ours that are marked are translated, too.
    """
    text = Filled(template % {name: _english(value) for name, value in values.items()})
    text.template, text.values = template, values
    return text


def _english(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def listed(texts: Iterable[str], between: str = gettext_noop("%(this)s, %(that)s")) -> str:
    """The texts as one, with what `between` says between them; empty where there are none."""
    said = ""
    for text in texts:
        said = filled(between, this=said, that=text) if said else text
    return said
