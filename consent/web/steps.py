"""The way to signing as a list of pages, one idea each, and where on it a page lies."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consent.rules.form_content import FormContent, Section


@dataclass(frozen=True)
class Step:
    """One page of the way; `key` is `read:<section>` or the page's name."""

    key: str
    label: str
    href: str


def steps(slug: str, content: FormContent) -> list[Step]:
    """Every page of the way in order: the form's sections, its questions, and then one's own part."""
    reading = [
        Step(f"read:{part.code}", part.heading, reverse("consent:read", args=[slug, part.code]))
        for part in content.sections
    ]
    pages = [
        ("details", _("About you")),
        ("choose", _("Your choices")),
        ("review", _("Look again")),
        ("sign", _("Sign")),
    ]
    if content.questions:
        pages.insert(0, ("questions", _("Is it clear?")))
    return reading + [Step(name, label, reverse(f"consent:{name}", args=[slug])) for name, label in pages]


def place(slug: str, content: FormContent, key: str) -> dict[str, Any]:
    """What a page shows of the way: its number, how many there are, and the addresses before and after it."""
    way = steps(slug, content)
    number = next(index for index, step in enumerate(way) if step.key == key)
    before = way[number - 1].href if number else reverse("consent:start", args=[slug])
    after = way[number + 1].href if number + 1 < len(way) else ""
    return {"number": number + 1, "total": len(way), "label": way[number].label, "back": before, "next": after}


def words_in(section: Section, content: FormContent) -> list[tuple[str, str]]:
    """The glossary's words that a section uses, with what they mean."""
    text = " ".join((section.heading, *section.text)).casefold()
    return [(word, meaning) for word, meaning in sorted(content.glossary.items()) if word.casefold() in text]
