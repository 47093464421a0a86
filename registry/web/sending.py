"""The donor's page for letting a hospital's system or a program send images into a donation."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.web.reader import reader
from registry import actions, queries


class SenderForm(forms.Form):
    """Who will send, and until when."""

    name = forms.CharField(label=_("Who will send images?"), max_length=60, help_text=_("For example: the hospital"))
    days = forms.TypedChoiceField(
        label=_("For how long?"),
        coerce=int,
        choices=[(1, _("1 day")), (7, _("7 days")), (30, _("30 days"))],
        initial=7,
        widget=forms.RadioSelect,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def senders(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who may send, and a form for one more; the answer to a POST shows the new token's text this once."""
    found = get_object_or_404(queries.donations_of(request.user), pk=pk)
    form, text = SenderForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        __, text = actions.make_sender(donation=found, by=reader(request), **form.cleaned_data)
        form = SenderForm()
    context = {
        "donation": found,
        "is_open": found.is_unsent,
        "form": form,
        "text": text,
        "address": f"{settings.ORIGIN}{reverse('dicomweb_api:stow')}",
        "senders": queries.senders_of(request.user, found),
    }
    return render(request, "registry/senders.html", context)
