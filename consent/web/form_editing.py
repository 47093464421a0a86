"""Writing forms: a new version from an earlier one, a draft edited, or the whole content as JSON."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consent import actions
from consent.models import FormVersion
from consent.queries import form_versions
from consent.rules.form_content import default_content
from consent.rules.lifecycle import FormVersionState
from consent.rules.translations import changed_texts
from consent.web.editor import Editor
from consent.web.forms import add_refusal
from consent.web.staff import stewarded_version, version_of
from core.accounts.models import Programme
from core.accounts.queries import programmes
from core.accounts.roles import Role
from core.design.formats import grouped
from core.errors import Invalid, Missing
from core.web.reader import reader

MOST_BYTES = 1_000_000


class ProgrammeForm(forms.Form):
    """For which of one's programmes; asked only where there are several."""

    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.none(), empty_label=None)

    def __init__(self, mine: Any, base: FormVersion | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        field.queryset = mine  # type: ignore[attr-defined]  # a ModelChoiceField's
        field.initial = base.form.programme_id if base is not None else mine[0].pk
        if len(mine) == 1:
            field.widget, field.initial = forms.HiddenInput(), mine[0].pk


class JsonForm(forms.Form):
    """A form's whole content as JSON, typed or from a file."""

    text = forms.CharField(
        label=_("Content as JSON"), required=False, max_length=MOST_BYTES, widget=forms.Textarea(attrs={"rows": 18})
    )
    file = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("A file is read in place of the text above.")
    )

    def clean(self) -> dict[str, Any]:
        """What was sent, as an object."""
        said = self.cleaned_data
        file = said.get("file")
        if file is not None and file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large to be a consent form."))
        try:
            said["content"] = json.loads(file.read().decode() if file is not None else said.get("text", ""))
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("This is not JSON. Look for a missing comma or quotation mark.")) from None
        return said


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def form_new(request: HttpRequest) -> HttpResponse:
    """A new version, starting from `?from=` or the default text."""
    base = _base(request)
    data = request.POST if request.method == "POST" else None
    editor = Editor(base.content if base else default_content(), data)
    where = ProgrammeForm(_stewarded(request), base, data)
    if data is not None and all([editor.is_valid(), where.is_valid()]):
        try:
            return _drafted(request, where.cleaned_data["programme"], editor.content(), base)
        except Invalid as refusal:
            add_refusal(editor.head, refusal)
    context = {"editor": editor, "form": editor.head, "where": where, "base": base, "title": _("A new version")}
    return render(request, "consent/form_edit.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def form_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Edits a draft; a published version leads to its own page."""
    version = stewarded_version(request, pk)
    if version.state != FormVersionState.DRAFT:
        return redirect("consent:form_version", pk=version.pk)
    data = request.POST if request.method == "POST" else None
    editor = Editor(version.content, data)
    if data is not None and editor.is_valid():
        try:
            before, content = version.content, editor.content()
            actions.edit_form(version=version, content=content, by=reader(request))
            if number := len(changed_texts(before, content)):
                words = gettext("Texts that have changed and are translated: %(number)s. Look at their translations.")
                messages.warning(request, words % {"number": grouped(number)})
            return redirect("consent:form_version", pk=version.pk)
        except Invalid as refusal:
            add_refusal(editor.head, refusal)
    context = {"editor": editor, "form": editor.head, "version": version, "title": _("Edit the draft")}
    return render(request, "consent/form_edit.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def form_json(request: HttpRequest) -> HttpResponse:
    """A new version from JSON; what was typed or sent stays on the page when it cannot be used."""
    base = _base(request)
    start = json.dumps(base.content if base else default_content(), indent=2, ensure_ascii=False)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = JsonForm(data, files, initial={"text": start})
    where = ProgrammeForm(_stewarded(request), base, data)
    if data is not None and all([form.is_valid(), where.is_valid()]):
        try:
            return _drafted(request, where.cleaned_data["programme"], form.cleaned_data["content"], base)
        except Invalid as refusal:
            add_refusal(form, refusal)
    return render(request, "consent/form_json.html", {"form": form, "where": where, "base": base})


def _drafted(request: HttpRequest, programme: Programme, content: Any, base: FormVersion | None) -> HttpResponse:
    slug = base.form.slug if base is not None else "main"
    version = actions.draft_form(programme=programme, slug=slug, content=content, by=reader(request))
    return redirect("consent:form_version", pk=version.pk)


def _base(request: HttpRequest) -> FormVersion | None:
    """The version that a new one starts from: the one named, or the newest that the reader stewards."""
    versions = form_versions(reader(request))
    named = request.GET.get("from", "")
    if not named:
        return versions.first()
    try:
        return version_of(request, UUID(named))
    except ValueError:
        raise Missing("There is no such form here.") from None


def _stewarded(request: HttpRequest) -> Any:
    mine = programmes(reader(request), Role.STEWARD)
    if not mine:
        raise Missing("There is nothing here for you.")
    return mine
