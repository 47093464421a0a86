"""Pages on which two stewards open who an erased donor was, for a court: one asks, another opens; it is shown once."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consent import actions
from consent.models import IdentityOpening
from consent.queries.opening import opening_of, openings_of
from consent.web.forms import add_refusal
from consent.web.signature import is_proved
from core.accounts.queries import programmes
from core.accounts.roles import Role
from core.design.forms import PasswordAgain
from core.errors import Missing, Refused
from core.spoken import said
from core.web.reader import reader

SHOWN = 50


class AskForm(forms.Form):
    """Whose identity, on whose order."""

    donor = forms.UUIDField(
        label=_("The donor's number"), help_text=_("It stands on the receipt and in the certificate.")
    )
    reference = forms.CharField(
        label=_("The number of the court's order"),
        help_text=_("Such as 2C-1234/2026; no names. Keep the order itself where such papers are kept."),
    )
    password = PasswordAgain()


class OpenForm(forms.Form):
    """That it is still the same steward."""

    password = PasswordAgain()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def identities(request: HttpRequest) -> HttpResponse:
    """What was asked for, and a form to ask."""
    user = reader(request)
    if not programmes(user, Role.STEWARD).exists():
        raise Missing("There is nothing here for you.")
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and is_proved(request, form):
        typed = form.cleaned_data
        try:
            asked = actions.ask_identity(donor_id=typed["donor"], reference=typed["reference"], by=user)
            messages.success(request, _("Asked. Another steward has been told, and can open it."))
            return redirect("consent:identity", pk=asked.pk)
        except Refused as refusal:
            add_refusal(form, refusal)
    return render(request, "consent/identities.html", {"form": form, "openings": openings_of(user)[:SHOWN]})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request; the answer to the other steward's POST is the only page that ever shows the identity."""
    user = reader(request)
    found = opening_of(user, pk)
    if "close" in request.POST:
        return _closed(request, found)
    form = OpenForm(request.POST if request.method == "POST" else None)
    shown = None
    if form.is_bound and is_proved(request, form):
        try:
            shown = actions.open_identity(opening=found, by=user)
        except Refused as refusal:
            add_refusal(form, refusal)
        found.refresh_from_db()
    may_open = found.waits and found.asked_by_id != user.pk
    context = {"opening": found, "form": form if may_open else None, "shown": shown}
    return render(request, "consent/identity.html", context)


def _closed(request: HttpRequest, found: IdentityOpening) -> HttpResponse:
    try:
        actions.close_opening(opening=found, by=reader(request))
        messages.success(request, _("Closed. It cannot be opened any more; whoever needs it asks anew."))
    except Refused as refusal:
        messages.error(request, said(refusal.sentence))
    return redirect("consent:identity", pk=found.pk)
