"""What a consent form says: its text, choices and questions, read strictly before it may be published."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from consent.rules import grammar, reading
from consent.rules.forms import Choice
from consent.rules.vocabulary import load_data
from core.canonical import digest_of
from core.errors import Invalid
from core.texts import Filled
from core.texts import gettext_noop as _

_CONTENT_KEYS: Final = (
    "language",
    "title",
    "key_information",
    "sections",
    "glossary",
    "choices",
    "questions",
    "translations",
)
#: Codes stand in addresses and field names; languages are BCP 47 tags.
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", re.ASCII)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})?", re.ASCII)
#: What a translation says anew of each part, by the part's code; codes, terms and right answers stay.
WORDS: Final = {
    "sections": ("heading", "text"),
    "choices": ("label", "help"),
    "questions": ("text", "options", "feedback"),
}
TRANSLATED: Final = ("title", "key_information", "glossary", *WORDS)
_CHOICE_KEYS: Final = tuple(Choice.__dataclass_fields__)
T = TypeVar("T")


class FormError(Invalid):
    """Form content that cannot be published; the message is a sentence that says what to change."""

    default_code = "form"


@dataclass(frozen=True, slots=True)
class Section:
    """One idea of the form: a heading and paragraphs in plain words. `code` is its place in an address."""

    code: str
    heading: str
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A teach-back question: `answer` is the index of the right option; `feedback` explains, never blames."""

    code: str
    text: str
    options: tuple[str, ...]
    answer: int
    feedback: str


@dataclass(frozen=True, slots=True)
class FormContent:
    """A whole form in one language (BCP 47); what a signature's digest is made of."""

    language: str
    title: str
    key_information: tuple[str, ...]
    sections: tuple[Section, ...]
    glossary: Mapping[str, str]
    choices: tuple[Choice, ...]
    questions: tuple[Question, ...]


def parse_content(obj: object) -> FormContent:
    """Form content from JSON, in its first language; raises FormError for anything that must not be published.

    Its translations are read as strictly: each of them must say everything that the first language says.
    """
    content = parse_source(obj)
    try:
        for language in languages_of(obj)[1:]:
            translated = parse_source(in_language(obj, language))
            for one, other in zip(content.questions, translated.questions, strict=True):
                if len(one.options) != len(other.options):
                    raise FormError(
                        Filled(_("A translation of {code} must have as many answers."), code=reading.shown(one.code))
                    )
    except Invalid as error:
        raise FormError(error.sentence) from None
    return content


def languages_of(obj: object) -> tuple[str, ...]:
    """The languages of a form's stored content, the one that it was written in first; raises FormError."""
    data = reading.as_object(obj, _CONTENT_KEYS, Filled(_("The form")))
    others = data.get("translations") or {}
    if not isinstance(others, Mapping) or data.get("language") in others:
        raise FormError(_("'translations' must be an object: a language, and the texts in it."))
    return (_text(data, "language"), *sorted(others))


def in_language(obj: Any, language: str) -> dict[str, Any]:
    """The whole form in one of its languages, as it is shown and signed: what its digest is made of."""
    data = dict(obj)
    said = (data.pop("translations", None) or {}).get(language)
    if said is None:
        return data
    texts = reading.as_object(said, TRANSLATED, called(language))
    return (
        data
        | {
            "language": language,
            "title": texts.get("title"),
            "key_information": texts.get("key_information"),
            "glossary": texts.get("glossary") or {},
        }
        | {key: [part | _said_of(texts, key, part["code"]) for part in data.get(key) or []] for key in WORDS}
    )


def called(language: str) -> str:
    """What a translation is called in a refusal."""
    return Filled(_("The translation {language}"), language=reading.shown(language))


def _said_of(texts: Mapping[str, Any], key: str, code: str) -> dict[str, Any]:
    """The words of one section, choice or question in a translation; none is ever left in another language."""
    said = (texts.get(key) or {}).get(code) if isinstance(texts.get(key) or {}, Mapping) else None
    if not isinstance(said, Mapping) or set(said) != set(WORDS[key]):
        sentence = _("A translation must give {keys} of {code} in '{key}'.")
        raise FormError(Filled(sentence, keys=", ".join(WORDS[key]), code=reading.shown(code), key=key))
    return dict(said)


def parse_source(obj: object) -> FormContent:
    """The content in the language in which it was written, whatever its translations hold; raises FormError."""
    try:
        data = reading.as_object(obj, _CONTENT_KEYS, Filled(_("The form")))
        content = FormContent(
            language=_text(data, "language"),
            title=_text(data, "title"),
            key_information=_texts(data, "key_information"),
            sections=_each(data, "sections", _section),
            glossary=_glossary(data.get("glossary")),
            choices=_each(data, "choices", _choice),
            questions=_each(data, "questions", _question) if data.get("questions") else (),
        )
        _check(content)
        return content
    except Invalid as error:
        raise FormError(error.sentence) from None


def choices_of(obj: object) -> tuple[Choice, ...]:
    """The choices of a form's stored content; raises FormError."""
    return parse_source(obj).choices


def content_digest(obj: object) -> str:
    """SHA-256 in hex of a form's very content as canonical JSON: text, choices, questions and language."""
    return digest_of(obj)


def default_content() -> dict[str, Any]:
    """The form that a steward starts from, as a new JSON object that may be changed."""
    content: dict[str, Any] = load_data("default_form.json")
    return content


def _check(content: FormContent) -> None:
    if not _LANGUAGE.fullmatch(content.language):
        raise FormError(_("The language must be a tag such as en or en-GB."))
    if not any(choice.kind == "permission" for choice in content.choices):
        raise FormError(_("The form needs at least one choice that allows a kind of research."))
    for things in (content.sections, content.choices, content.questions):
        codes = [thing.code for thing in things]
        if len(set(codes)) != len(codes):
            raise FormError(_("Two parts of the form have the same code."))
    codes = [choice.code for choice in content.choices]
    for place, choice in enumerate(content.choices):
        if choice.only_if is not None and choice.only_if not in codes[:place]:
            sentence = _("The choice {code} depends on one that does not come before it.")
            raise FormError(Filled(sentence, code=reading.shown(choice.code)))


def _section(obj: object) -> Section:
    data = reading.as_object(obj, ("code", "heading", "text"), Filled(_("A section")))
    return Section(_code(data), _text(data, "heading"), _texts(data, "text"))


def _question(obj: object) -> Question:
    data = reading.as_object(obj, ("code", "text", "options", "answer", "feedback"), Filled(_("A question")))
    options, answer = _texts(data, "options"), data.get("answer")
    if isinstance(answer, bool) or not isinstance(answer, int) or not 0 <= answer < len(options):
        raise FormError(_("The 'answer' of a question must be the place of one of its options, counted from 0."))
    return Question(_code(data), _text(data, "text"), options, answer, _text(data, "feedback"))


def _choice(obj: object) -> Choice:
    data = reading.as_object(obj, _CHOICE_KEYS, Filled(_("A choice")))
    kind, code = data.get("kind"), _code(data)
    if kind not in ("permission", "modifier"):
        raise FormError(Filled(_("The choice {code} must be a permission or a modifier."), code=reading.shown(code)))
    alternative = _as_terms(kind, data).alternatives[0]
    term, value = alternative.permission, None
    if kind == "modifier":
        term, value = alternative.modifiers[0].code, alternative.modifiers[0].value
    elif term == "DS" and not alternative.diseases:
        raise FormError(Filled(_("The choice {code} must name its diseases."), code=reading.shown(code)))
    return Choice(
        code=code,
        label=_text(data, "label"),
        help=_text(data, "help"),
        kind=kind,
        term=term,
        diseases=alternative.diseases,
        value=value,
        when=_answer(data, "when"),
        required=_answer(data, "required"),
        only_if=reading.as_text(data.get("only_if"), "'only_if'"),
    )


def _as_terms(kind: str, data: Mapping[str, Any]) -> grammar.Terms:
    """A choice's term as consent terms, so that a form can hold nothing that terms cannot."""
    modifiers = [{"code": data.get("term"), "value": data.get("value")}] if kind == "modifier" else []
    permission = "GRU" if kind == "modifier" else data.get("term")
    alternative = {"permission": permission, "diseases": data.get("diseases"), "modifiers": modifiers}
    return grammar.parse({"alternatives": [alternative]})


def _each(data: Mapping[str, Any], key: str, read: Callable[[object], T]) -> tuple[T, ...]:
    rows = reading.as_list(data.get(key), f"'{key}'")
    if not rows:
        raise FormError(Filled(_("'{key}' must not be empty."), key=key))
    return tuple(read(row) for row in rows)


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return _each(data, key, lambda item: _text({key: item}, key))


def _text(data: Mapping[str, Any], key: str) -> str:
    text = reading.as_text(data.get(key), f"'{key}'")
    if text is None:
        raise FormError(Filled(_("'{key}' must not be empty."), key=key))
    return text


def _code(data: Mapping[str, Any]) -> str:
    code = _text(data, "code")
    if not _CODE.fullmatch(code):
        raise FormError(
            Filled(
                _("The code {code} may have letters without accents, digits, '-' and '_' only."),
                code=reading.shown(code),
            )
        )
    return code


def _answer(data: Mapping[str, Any], key: str) -> bool:
    return bool(reading.as_answer(data.get(key), f"'{key}'"))


def _glossary(value: object) -> Mapping[str, str]:
    words = reading.as_object({} if value is None else value, value if isinstance(value, dict) else (), "'glossary'")
    if None in (reading.as_text(word, Filled(_("A word of the glossary"))) for word in words):
        raise FormError(_("A word of the glossary must not be empty."))
    return {word: _text(words, word) for word in words}
