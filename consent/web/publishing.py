"""Publishing a version: what kind of change it is, what donors read, by when they sign again; and using it no more."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consent import actions
from consent.models import FormVersion
from consent.queries import newest_published, progress_of
from consent.rules.form_content import choices_of, languages_of
from consent.rules.lifecycle import FormVersionState
from consent.rules.renewal import LEAST_DAYS, MOST_DAYS, Change, changed_choices
from consent.rules.translations import lacking
from consent.web.editor import area
from consent.web.forms import add_refusal
from consent.web.languages import name_of
from consent.web.staff import stewarded_version
from core.errors import Invalid
from core.spoken import said
from core.web.reader import reader

WORDS = {Change.MINOR: _("No, it is a small change"), Change.MATERIAL: _("Yes, they have to sign again")}
HINTS = {
    Change.MINOR: _("Such as a clearer sentence. What was signed goes on as it is. Donors see what changed."),
    Change.MATERIAL: _("What they agreed to is not the same any more. Who does not sign in time is left out then."),
}

#: What follows where a form is offered no longer.
RETIRED = [
    _("Nobody can join the programme, until you publish another version."),
    _("What was signed stays in force, with its text, its receipts and its choices."),
    _("Donors can still stop giving. They cannot change their choices until there is a form to sign."),
    _("This version can never be offered again. Make a new version from it if you need to."),
]
RETIRED_DUE = _(
    "Donors who have to sign again cannot do so. From the day that they were told, nothing new is done with what they "
    "gave."
)


class PublishForm(forms.Form):
    """Asked where there was a version before; the first one needs no answer."""

    change = forms.ChoiceField(
        label=_("Do donors have to sign again?"), choices=list(WORDS.items()), widget=forms.RadioSelect
    )
    summary = area(
        _("What changed"), 4, help_text=_("In plain words, for donors. Say what is new and what it means to them.")
    )
    days = forms.IntegerField(
        label=_("How many days do they have?"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-4"}),
    )

    def __init__(self, least: int, must: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        change, days = self.fields["change"], self.fields["days"]
        change.widget.choice_hints = {str(kind): words for kind, words in HINTS.items()}
        change.initial = Change.MATERIAL.value if must else None
        change.error_messages["required"] = _("Say whether donors have to sign again.")
        days.initial = least
        days.help_text = gettext("Only where they have to sign again. At least %(days)s.") % {"days": least}

    def asked(self) -> dict[str, Any]:
        """The answers as the action takes them."""
        typed = self.cleaned_data
        return {"change": Change(typed["change"]), "summary": typed["summary"], "days": typed["days"]}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks once, then publishes; posting it again changes nothing."""
    version = stewarded_version(request, pk)
    if version.state != FormVersionState.DRAFT:
        return redirect("consent:form_version", pk=version.pk)
    before = newest_published(version.form.programme_id)
    found = changed_choices(choices_of(before.content), choices_of(version.content)) if before else []
    form = _form(request, version, must=bool(found)) if before else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            actions.publish_form(version=version, by=reader(request), **(form.asked() if form else {}))
            return redirect("consent:form_version", pk=version.pk)
        except Invalid as refusal:
            if form is None:
                # The form says what cannot be, or another was published while this page was open: it asks anew.
                messages.error(request, said(refusal.sentence))
                return redirect("consent:publish", pk=version.pk)
            add_refusal(form, refusal)
    unfinished = [name_of(code) for code in languages_of(version.content)[1:] if lacking(version.content, code)]
    context = {"version": version, "before": before, "found": found, "form": form, "unfinished": unfinished}
    return render(request, "consent/publish.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks once, then offers the version no longer; posting it again changes nothing."""
    version = stewarded_version(request, pk)
    if version.state == FormVersionState.PUBLISHED and request.method == "POST":
        actions.retire_form(version=version, by=reader(request))
        messages.success(request, _("This form is not used any more. Nobody can sign it from now on."))
    if version.state != FormVersionState.PUBLISHED:
        return redirect("consent:form_version", pk=version.pk)
    progress = progress_of(version)
    context = {
        "title": _("Stop using this form?"),
        "consequences": [*RETIRED, RETIRED_DUE] if progress and progress.due else RETIRED,
        "confirm_label": _("Stop using it"),
        "cancel_href": reverse("consent:form_version", args=[version.pk]),
        "warning": True,
    }
    return render(request, "design/confirm.html", context)


def _form(request: HttpRequest, version: FormVersion, *, must: bool) -> PublishForm:
    least = max(LEAST_DAYS, version.form.programme.renewal_days)
    return PublishForm(least, must, request.POST if request.method == "POST" else None)
