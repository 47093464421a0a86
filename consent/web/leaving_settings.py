"""A steward's page: what their programme does when donors leave, and what each of the settings means to people."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consent.web.forms import add_refusal
from core.accounts.actions import LEAVING, set_leaving
from core.accounts.models import Programme
from core.accounts.queries import programmes
from core.accounts.roles import Role
from core.errors import Invalid, Missing
from core.web.reader import reader

#: Each setting as it is asked, and what it means.
ASKED = {
    "leavers_per_version": (
        _("How many donors leave, or join, before a new version of a dataset is made?"),
        _(
            "With 1 it is made at once. Whoever compares it with the version before can then tell which images were "
            "that donor's. Nobody uses the images of who left meanwhile, whatever you choose."
        ),
    ),
    "version_wait_days": (
        _("For how many days does it wait for them at most?"),
        _(
            "Counted from the first who leaves, or from when the version was asked for. Research on the dataset waits "
            "for as long. It means nothing where a new version is made at once."
        ),
    ),
    "identity_kept_days": (
        _("For how many days is the identity of an erased donor kept locked away?"),
        _(
            "In case somebody asks whether they really signed. Donors read it before they say yes. With 0 nothing "
            "is kept."
        ),
    ),
}


class LeavingForm(forms.Form):
    """The three numbers."""

    def __init__(self, programme: Programme, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in ASKED.items():
            self.fields[name] = forms.IntegerField(
                label=label,
                help_text=help_text,
                initial=getattr(programme, name),
                min_value=LEAVING[name][0],
                max_value=LEAVING[name][1],
                widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-4"}),
            )

    def changed(self) -> dict[str, int]:
        """What is not as it was."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What holds, to be changed; what is changed holds for whoever leaves from then on."""
    found = programmes(reader(request), Role.STEWARD).filter(pk=pk).first()
    if found is None:
        raise Missing("There is no such programme here.")
    form = LeavingForm(found, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            if form.changed():
                set_leaving(programme=found, by=reader(request), **form.changed())
            messages.success(request, _("This holds from now on."))
            return redirect("consent:leaving", pk=found.pk)
        except Invalid as refusal:
            add_refusal(form, refusal)
    return render(request, "consent/leaving.html", {"form": form, "programme": found})
