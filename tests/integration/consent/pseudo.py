"""A language in which every letter is changed: what still reads as English on a page was never translated."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

from django.utils import formats, translation
from django.utils.translation import trans_real

from consent.rules.diseases import BUILT_IN
from tests.integration.consent.gathered import gathered

LANGUAGE = "xx"
#: Placeholders and markup stay as they are; everything else changes.
KEPT = re.compile(r"(%\([a-z_0-9]+\)[sd]|\{[a-z_]*(?::,)?\}|<[^>]+>|&[a-z]+;)")
LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "αβгдεφгηιјκλмηορφяστυνωχγζΑΒΓΔΕΦΓΗΙЈΚΛΜΗΟΡФЯΣΤΥΝΩΧΥΖ"
)
#: Words that are the same in every language, and what is no word: fingerprints, ids, addresses, codes of languages.
SAME = re.compile(r"Donara|PDF|JSON|SHA|UTC|AI|[0-9a-f]{4,}[0-9a-f-]*|[\w.-]+@[\w.-]+|xx")
#: What is in these is not read as a sentence: it is for programs, or to be typed as it stands.
UNREAD = {"script", "style", "code"}
SHOWN = {"alt", "aria-label", "placeholder", "title", "summary"}


def pseudo(text: str) -> str:
    """The text as the invented language has it."""
    parts = KEPT.split(text)
    return "".join(part if index % 2 else part.translate(LETTERS) for index, part in enumerate(parts))


def translated(message: str, known_as: str = "") -> str:
    """The message in the invented language, if whoever gathers texts finds it, or it is the name of a disease."""
    text = message.rpartition("\x04")[2]
    known = (known_as.rpartition("\x04")[2] or text) in gathered()
    return pseudo(text) if known or text in BUILT_IN.labels.values() else text


class Pseudo(trans_real.DjangoTranslation):
    """A catalogue that knows every text that can be gathered for translation; any other one stays English."""

    def __init__(self) -> None:
        self._DjangoTranslation__language = LANGUAGE
        self._DjangoTranslation__to_language = LANGUAGE

    def language(self) -> str:
        return LANGUAGE

    def to_language(self) -> str:
        return LANGUAGE

    def gettext(self, message: str) -> str:
        return translated(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return translated(one) if number == 1 else translated(many, known_as=one)


@contextmanager
def spoken(settings: Any, *, right_to_left: bool = False) -> Iterator[None]:
    """The whole portal in the invented language."""
    settings.LANGUAGES, settings.LANGUAGE_CODE = [(LANGUAGE, "Pseudo")], LANGUAGE
    settings.LANGUAGES_BIDI = [LANGUAGE] if right_to_left else []
    patches = ExitStack()
    patches.enter_context(patch.dict(trans_real._translations, {LANGUAGE: Pseudo()}))
    patches.enter_context(patch.object(trans_real, "_default", None))
    patches.enter_context(patch.object(trans_real, "check_for_language", lambda code: code == LANGUAGE))
    trans_real.get_languages.cache_clear()
    _forget()
    trans_real.activate(LANGUAGE)
    try:
        yield
    finally:
        trans_real.deactivate()
        patches.close()
        _forget()
        trans_real.get_languages.cache_clear()


def _forget() -> None:
    """Django keeps formats, and the functions of its translation module, from the first time that it was asked."""
    formats.reset_format_cache()
    vars(translation._trans).pop("check_for_language", None)


class Words(HTMLParser):
    """Everything on a page that a person sees or hears."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.hidden, self.found = 0, list[str]()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in UNREAD
        self.found += [value or "" for name, value in attrs if name in SHOWN]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


def english(markup: str) -> list[str]:
    """What on the page is still in Latin letters, and no name that is the same everywhere."""
    left = [SAME.sub("", text).strip() for text in Words(markup).found]
    return sorted({text for text in left if re.search(r"[A-Za-z]{2,}", text)})


def left(pages: dict[str, str], *machine: re.Pattern[str]) -> dict[str, list[str]]:
    """What is still English, by page; what these find is for machines, or somebody's own, and is left out."""
    found = {}
    for name, page in pages.items():
        for pattern in machine:
            page = pattern.sub("(", page)
        if rest := english(page):
            found[name] = rest
    return found
