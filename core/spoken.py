"""Says in the reader's language what rules and refusals say in English."""

import re
from collections.abc import Collection
from datetime import date
from functools import cache

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from core.texts import Filled


def said(text: str) -> str:
    """The text as the reader's language has it; one that nobody has translated stays as it is."""
    if not text:
        return ""
    if isinstance(text, Filled):
        words = {name: _word(word) for name, word in text.words.items()}
        return gettext(text.template).format(**words) if words else gettext(text.template)
    return gettext(text)


def said_again(kept: str, templates: Collection[str], ours: Collection[str]) -> str:
    """A sentence that was kept in English, in the reader's language: one that was Filled is known by its shape.

    `templates` are those that it may have been made of; the first that fits is taken, so the narrow ones come first.
    `ours` are the places in them whose words are texts of ours, too; what stands in any other is somebody's own, and
    stays. What no template fits is said as it stands.
    """
    whole = said(kept)
    if isinstance(kept, Filled) or whole != kept:
        return whole
    for template in templates:
        if "{" in template and (found := _shape(template).fullmatch(kept)):
            words = found.groupdict()
            again = {name: said_again(words[name], templates, ours) for name in ours if name in words}
            return gettext(template).format(**words | again)
    return kept


@cache
def _shape(template: str) -> re.Pattern[str]:
    """What finds a sentence that was made of the template."""
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts)), re.DOTALL
    )


def _word(word: object) -> object:
    if isinstance(word, Filled):
        return said(word)
    if isinstance(word, int) and not isinstance(word, bool):
        return number_format(word, force_grouping=True)
    return date_format(word, "DATE_FORMAT") if isinstance(word, date) else word
