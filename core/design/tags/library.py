"""The one tag library that all components register with, and how a component fills its template."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


def fill(name: str, /, **values: Any) -> SafeString:
    """Return `templates/design/<name>.html` filled with these values and nothing else, without space around it."""
    return SafeString(render_to_string(f"design/{name}.html", values).strip())


def one_of(what: str, word: str, known: Sequence[str]) -> str:
    """Return the word, or raise TemplateSyntaxError naming the words that are known."""
    if word not in known:
        raise template.TemplateSyntaxError(f"{what} must be one of {', '.join(known)}, not {word!r}.")
    return word
