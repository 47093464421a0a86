"""A form's translations while they are written: what each still lacks, and what it may hold. Publishing wants all."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from consent.rules import reading
from consent.rules.form_content import (
    TRANSLATED,
    WORDS,
    FormContent,
    FormError,
    called,
    in_language,
    languages_of,
    parse_source,
)
from core.errors import Invalid
from core.texts import Filled
from core.texts import gettext_noop as _

Content = dict[str, Any]
#: One text of a form: where it stands, such as `("title",)` or `("sections", "privacy", "heading")`.
Place = tuple[str, ...]
_GLOSSARY: Final = ("glossary",)


def parse_draft(obj: Any) -> FormContent:
    """A draft's content in its first language; raises FormError for it, and for translations that say more than it.

    What a translation lacks it may lack: it is written over days, beside a text that changes.
    """
    content = parse_source(obj)
    try:
        for language in languages_of(obj)[1:]:
            _check(language, obj["translations"][language], set(places(obj)))
    except Invalid as error:
        raise FormError(error.sentence) from None
    return content


def places(content: Mapping[str, Any]) -> Iterator[Place]:
    """Where each text of a form stands, in the order in which it is read."""
    yield ("title",)
    yield ("key_information",)
    for key, words in WORDS.items():
        yield from ((key, part["code"], word) for part in content.get(key) or [] for word in words)
    if content.get("glossary"):
        yield _GLOSSARY


def is_list(place: Place) -> bool:
    """Whether several lines stand there: paragraphs, or answers to choose from."""
    return place[-1] in ("key_information", "options") or (place[0], place[-1]) == ("sections", "text")


def source_at(content: Mapping[str, Any], place: Place) -> Any:
    """The text there, in the language in which the form was written."""
    if len(place) == 1:
        return content[place[0]]
    key, code, word = place
    return next(part[word] for part in content[key] if part["code"] == code)


def said_at(content: Mapping[str, Any], language: str, place: Place) -> Any:
    """Its translation, or None."""
    found: Any = (content.get("translations") or {}).get(language)
    for step in place:
        found = (found or {}).get(step)
    return found or None


def lacking(content: Mapping[str, Any], language: str) -> list[Place]:
    """The texts that a translation does not have yet; words that it does not explain it need not."""
    return [place for place in places(content) if place != _GLOSSARY and said_at(content, language, place) is None]


def with_translation(content: Content, language: str, said: Mapping[Place, Any]) -> Content:
    """The content with these texts as its translation, in place of the one before; what is empty is left out."""
    texts: Content = {}
    for place, text in said.items():
        at = texts
        for step in place[:-1]:
            at = at.setdefault(step, {})
        if text:
            at[place[-1]] = text
    return content | {"translations": {**(content.get("translations") or {}), language: texts}}


def preview(content: Content, language: str, mark: Callable[[str], str]) -> Content:
    """The form in one of its languages as far as it is written; for what lacks, the source's words as `mark` has them.

    Words that a translation does not explain are left out, as they will be for donors.
    """
    said = {place: said_at(content, language, place) for place in places(content)}
    for place in lacking(content, language):
        source = source_at(content, place)
        said[place] = [mark(line) for line in source] if is_list(place) else mark(source)
    return in_language(with_translation(content, language, said), language)


def without_translation(content: Content, language: str) -> Content:
    """The content without this translation."""
    rest = {code: texts for code, texts in (content.get("translations") or {}).items() if code != language}
    plain = {key: value for key, value in content.items() if key != "translations"}
    return plain | ({"translations": rest} if rest else {})


def fitted(content: Content) -> Content:
    """The content whose translations hold nothing of parts that are gone from it."""
    for language in content.get("translations") or {}:
        said = {place: said_at(content, language, place) for place in places(content)}
        content = with_translation(content, language, said)
    return content


def changed_texts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Place]:
    """The texts that say something else than before, and have translations that may no longer fit."""
    known = set(places(before))
    languages = after.get("translations") or {}
    return [
        place
        for place in places(after)
        if place in known
        and source_at(before, place) != source_at(after, place)
        and any(said_at(after, language, place) for language in languages)
    ]


def _check(language: str, texts: object, known: set[Place]) -> None:
    said = reading.as_object(texts, TRANSLATED, called(language))
    for key, value in said.items():
        for place, text in _texts(key, value):
            ok = _are_words(text) if place == _GLOSSARY else _fits(text, many=is_list(place))
            if not ok or (place not in known and place != _GLOSSARY):
                sentence, where = _("{what} has something at {place} that cannot be."), reading.shown(" ".join(place))
                raise FormError(Filled(sentence, what=called(language), place=where))


def _texts(key: str, value: Any) -> Iterator[tuple[Place, Any]]:
    if key not in WORDS:
        yield (key,), value
    elif not isinstance(value, Mapping) or not all(isinstance(part, Mapping) for part in value.values()):
        yield (key,), None
    else:
        yield from (((key, code, word), text) for code, part in value.items() for word, text in part.items())


def _fits(text: object, *, many: bool) -> bool:
    if many:
        return isinstance(text, list) and all(_fits(line, many=False) for line in text)
    return isinstance(text, str) and bool(text.strip())


def _are_words(text: object) -> bool:
    return isinstance(text, Mapping) and all(_fits(word, many=False) for word in text.values())
