"""The editor of a form's translations: one language at a time, each text beside its source."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.conf.locale import LANG_INFO
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consent import actions
from consent.models import FormVersion
from consent.rules.form_content import languages_of
from consent.rules.lifecycle import FormVersionState
from consent.rules.translations import (
    Content,
    Place,
    is_list,
    lacking,
    places,
    said_at,
    source_at,
    with_translation,
    without_translation,
)
from consent.web.editor import as_glossary, glossary_lines, lines
from consent.web.forms import add_refusal
from consent.web.languages import name_of
from consent.web.staff import stewarded_version
from core.design.formats import grouped
from core.errors import Invalid
from core.web.reader import reader

#: The last part of a text's place -> what it is called in the editor.
CALLED = {
    "title": _("Title"),
    "key_information": _("Key information"),
    "glossary": _("Glossary"),
    "heading": _("Heading"),
    "text": _("Text"),
    "label": _("What the donor reads"),
    "help": _("Help"),
    "options": _("Answers to choose from"),
    "feedback": _("Explanation"),
}
HINTS = {
    "key_information": _("One on each line."),
    "options": _("One on each line, in the same order."),
    "text": _("Each line is a paragraph."),
    "glossary": _("One word on each line: the word, a colon, its meaning."),
}
#: Names of languages that Django's own catalogue does not have.
NAMED_HERE = (gettext_noop("Norwegian"), gettext_noop("Norwegian Bokmal"))
#: So many characters stand about in a line of a text area.
WIDTH = 40
HEADINGS = {"sections": _("Sections"), "choices": _("Choices"), "questions": _("Questions")}


@dataclass(frozen=True)
class Row:
    """One text: what it says in the form's own language, and the field for its translation."""

    heading: Any
    source: list[str]
    field: Any


class TranslationForm(forms.Form):
    """A field for each text of the form. None has to be filled in before the form is published."""

    def __init__(self, content: Content, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content, self.language = content, language
        for place in places(content):
            source = _shown(place, source_at(content, place))
            self.fields[_name(place)] = _field(place, source, said_at(content, language, place), language)

    def rows(self) -> Iterator[Row]:
        """Every text in the order in which it is read; a heading stands where another kind of part begins."""
        kind = ""
        for place in places(self.content):
            heading, kind = (HEADINGS.get(place[0], "") if place[0] != kind else ""), place[0]
            yield Row(heading, _shown(place, source_at(self.content, place)), self[_name(place)])

    def clean(self) -> dict[str, Any]:
        """A question has as many answers in every language, for the right one is known by its place."""
        for place in places(self.content):
            said = lines(self.cleaned_data.get(_name(place), ""))
            if place[-1] == "options" and said and len(said) != (number := len(source_at(self.content, place))):
                self.add_error(_name(place), _answers(number))
            if place[-1] == "glossary" and as_glossary(said) is None:
                self.add_error(_name(place), _("Write each line as a word, a colon, and what the word means."))
        return self.cleaned_data

    def texts(self) -> dict[Place, Any]:
        """What was written, as the form's content has it."""
        return {place: _read(place, self.cleaned_data[_name(place)]) for place in places(self.content)}


class LanguageForm(forms.Form):
    """Which language to begin."""

    language = forms.ChoiceField(label=_("Add a language"))

    def __init__(self, taken: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = (
            (code, f"{info['name_local']} ({gettext(info['name'])})")
            for code, info in LANG_INFO.items()
            if "name" in info
        )
        free = [(code, name) for code, name in known if code not in taken and code != "en-gb"]
        self.fields["language"].choices = sorted(free, key=lambda each: each[1].casefold())  # type: ignore[attr-defined]  # a ChoiceField's


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The languages of a draft, or with `?language=` the texts in one of them."""
    version = stewarded_version(request, pk)
    if version.state != FormVersionState.DRAFT:
        return redirect("consent:form_version", pk=version.pk)
    offered = languages_of(version.content)
    choose = LanguageForm(offered)
    language = request.GET.get("language", "")
    if language in offered[1:] or language in dict(choose.fields["language"].choices):  # type: ignore[attr-defined]  # a ChoiceField's
        return _remove(request, version, language) if "remove" in request.GET else _edit(request, version, language)
    rows = [(code, name_of(code), len(lacking(version.content, code))) for code in offered[1:]]
    context = {"version": version, "source": name_of(offered[0]), "rows": rows, "choose": choose}
    return render(request, "consent/languages.html", context)


def _edit(request: HttpRequest, version: FormVersion, language: str) -> HttpResponse:
    form = TranslationForm(version.content, language, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        content = with_translation(version.content, language, form.texts())
        try:
            actions.edit_form(version=version, content=content, by=reader(request))
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            left = len(lacking(content, language))
            words = gettext("Saved. Texts still to be translated: %(number)s.") % {"number": grouped(left)}
            messages.success(request, words if left else _("Saved. It is complete."))
            return redirect("consent:translate", pk=version.pk)
    source = languages_of(version.content)[0]
    context = {"version": version, "form": form, "code": language, "name": name_of(language), "source": source}
    begun = language in languages_of(version.content)
    return render(request, "consent/translate.html", context | {"begun": begun})


def _remove(request: HttpRequest, version: FormVersion, language: str) -> HttpResponse:
    if request.method == "POST":
        content = without_translation(version.content, language)
        actions.edit_form(version=version, content=content, by=reader(request))
        messages.success(request, _("The language is taken out of this draft."))
        return redirect("consent:translate", pk=version.pk)
    context = {
        "title": gettext("Take %(language)s out of this draft?") % {"language": name_of(language)},
        "consequences": [_("What is written in it is deleted. Published versions keep theirs.")],
        "confirm_label": _("Take it out"),
        "cancel_href": f"?language={language}",
        "warning": True,
    }
    return render(request, "design/confirm.html", context)


def _answers(number: int) -> str:
    words = ngettext(
        "Write %(number)s answer, on one line.",
        "Write %(number)s answers, one on each line, in the same order.",
        number,
    )
    return words % {"number": number}


def _name(place: Place) -> str:
    return "-".join(place)


def _field(place: Place, source: list[str], said: Any, language: str) -> forms.CharField:
    spoken = {"lang": language, "dir": "auto"}
    long = is_list(place) or place[-1] in ("glossary", "help", "feedback")
    rows = min(14, 1 + max(len(source), sum(map(len, source)) // WIDTH))
    return forms.CharField(
        label=_("Question") if (place[0], place[-1]) == ("questions", "text") else CALLED[place[-1]],
        help_text=HINTS.get(place[-1], "") if is_list(place) or place[-1] == "glossary" else "",
        required=False,
        widget=forms.Textarea(attrs={"rows": rows, **spoken}) if long else forms.TextInput(attrs=spoken),
        initial="\n".join(_shown(place, said)) if said else "",
    )


def _shown(place: Place, text: Any) -> list[str]:
    if place[-1] == "glossary":
        return glossary_lines(text)
    return list(text) if isinstance(text, list | tuple) else [text]


def _read(place: Place, typed: str) -> Any:
    if place[-1] == "glossary":
        return as_glossary(lines(typed))
    return lines(typed) if is_list(place) else typed.strip()
