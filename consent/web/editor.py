"""The editor of a form's content: its text, its choices' words and its questions as fields, to and from JSON."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from consent.rules.translations import fitted

Content = dict[str, Any]


def lines(text: str) -> list[str]:
    """The lines of a text area that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def as_glossary(written: Sequence[str]) -> dict[str, str] | None:
    """Words and meanings of lines such as `word: meaning`; None where a line is not one."""
    pairs = [line.partition(":") for line in written]
    if any(not word.strip() or not meaning.strip() for word, _, meaning in pairs):
        return None
    return {word.strip(): meaning.strip() for word, _, meaning in pairs}


def glossary_lines(glossary: dict[str, str]) -> list[str]:
    """The same the other way round."""
    return [f"{word}: {meaning}" for word, meaning in glossary.items()]


def area(label: Any, rows: int, **kwargs: Any) -> forms.CharField:
    """A text area that keeps what was typed; `label` is a text that is translated when it is shown."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class HeadForm(forms.Form):
    """The form's title, key information and glossary."""

    title = forms.CharField(label=_("Title"), max_length=200)
    key_information = area(
        _("Key information"), 9, help_text=_("One sentence or two on each line; what fits in a minute.")
    )
    glossary = area(
        _("Glossary"), 6, required=False, help_text=_("One word on each line: the word, a colon, its meaning.")
    )

    def clean_glossary(self) -> dict[str, str]:
        """Words and meanings."""
        glossary = as_glossary(lines(self.cleaned_data["glossary"]))
        if glossary is None:
            raise forms.ValidationError(_("Write each line as a word, a colon, and what the word means."))
        return glossary


class SectionForm(forms.Form):
    """One idea of the form; emptied, it is left out."""

    code = forms.CharField(required=False, widget=forms.HiddenInput)
    heading = forms.CharField(label=_("Heading"), required=False, max_length=200)
    text = area(_("Text"), 5, required=False, help_text=_("Each line is a paragraph."))

    def clean(self) -> Content:
        """A heading and a text belong together."""
        said = self.cleaned_data
        for name, sentence in (
            ("heading", _("Give this section a heading.")),
            ("text", _("Give this section a text.")),
        ):
            other = "text" if name == "heading" else "heading"
            if said.get(other) and not said.get(name):
                self.add_error(name, sentence)
        return said


class ChoiceWordsForm(forms.Form):
    """A choice's words; its code, its term and when it counts are changed in the JSON only."""

    label = forms.CharField(label=_("What the donor reads"), max_length=300)
    help = area(_("Help"), 2)


class QuestionForm(forms.Form):
    """One teach-back question; emptied, it is left out."""

    code = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Question"), required=False, max_length=300)
    options = area(_("Answers to choose from"), 3, required=False, help_text=_("One on each line."))
    answer = forms.IntegerField(
        label=_("Which line is right?"),
        required=False,
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-2"}),
    )
    feedback = area(_("Explanation"), 2, required=False)

    def clean(self) -> Content:
        """A question needs all of its parts, and a right answer that is there."""
        said = self.cleaned_data
        if not said.get("text"):
            return said
        for name in ("options", "answer", "feedback"):
            if not said.get(name) and name not in self.errors:
                self.add_error(name, _("A question needs this too."))
        if said.get("answer") and said["answer"] > len(lines(said.get("options", ""))):
            self.add_error("answer", _("There are fewer answers than that."))
        return said


class Editor:
    """All parts of a form's content for editing, over the content that they start from."""

    def __init__(self, base: Content, data: Any = None) -> None:
        self.base = base
        self.head = HeadForm(data, initial=_head(base))
        self.sections = _many(SectionForm, 1)(data, initial=_sections(base), prefix="sections")
        self.choices = _many(ChoiceWordsForm, 0)(data, initial=base["choices"], prefix="choices")
        self.questions = _many(QuestionForm, 1)(data, initial=_questions(base), prefix="questions")

    @property
    def choice_rows(self) -> list[tuple[Content, forms.Form]]:
        """Each choice with the fields for its words."""
        return list(zip(self.base["choices"], self.choices.forms, strict=False))

    def is_valid(self) -> bool:
        """Whether every part can be read; the head says so at the top where another part cannot."""
        parts = [self.sections.is_valid(), self.choices.is_valid(), self.questions.is_valid()]
        if not self.head.is_valid():
            return False
        if not all(parts):
            self.head.add_error(
                None, _("Something in the sections, choices or questions is missing. It is marked below.")
            )
        elif len(self.choices.forms) != len(self.base["choices"]):
            self.head.add_error(None, _("The choices have changed meanwhile. Please load this page again."))
        return not self.head.errors

    def content(self) -> Content:
        """The edited content; what has no field here stays as it was in the base."""
        content = deepcopy(self.base)
        head = self.head.cleaned_data
        content["title"], content["glossary"] = head["title"], head["glossary"]
        content["key_information"] = lines(head["key_information"])
        content["sections"] = _coded(
            {"code": said["code"], "heading": said["heading"], "text": lines(said["text"])}
            for said in _said(self.sections, "heading")
        )
        for choice, form in zip(content["choices"], self.choices.forms, strict=True):
            choice |= form.cleaned_data
        content["questions"] = _coded(_question(said) for said in _said(self.questions, "text"))
        return fitted(content)


def _many(form: type[forms.Form], extra: int) -> Any:
    return forms.formset_factory(form, extra=extra, max_num=60, absolute_max=60)


def _said(formset: Any, name: str) -> list[Content]:
    return [form.cleaned_data for form in formset.forms if form.cleaned_data.get(name)]


def _question(said: Content) -> Content:
    return {
        "code": said["code"],
        "text": said["text"],
        "options": lines(said["options"]),
        "answer": said["answer"] - 1,
        "feedback": said["feedback"],
    }


def _coded(parts: Any) -> list[Content]:
    """Parts with a code each, made from their heading where it is new."""
    coded: list[Content] = []
    for part in parts:
        taken = {other["code"] for other in coded}
        stem = part["code"] or slugify(part.get("heading") or part.get("text"))[:40] or "part"
        code = next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 99))) if name not in taken)
        coded.append(part | {"code": code})
    return coded


def _head(base: Content) -> Content:
    return {
        "title": base["title"],
        "key_information": "\n".join(base["key_information"]),
        "glossary": "\n".join(glossary_lines(base.get("glossary", {}))),
    }


def _sections(base: Content) -> list[Content]:
    return [section | {"text": "\n".join(section["text"])} for section in base["sections"]]


def _questions(base: Content) -> Sequence[Content]:
    questions: list[Content] = base.get("questions") or []
    return [q | {"options": "\n".join(q["options"]), "answer": q["answer"] + 1} for q in questions]
