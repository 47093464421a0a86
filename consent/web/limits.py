"""Lifting what one has limited: news again by one button, new uses again by a signature."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consent import actions
from consent.models import Donor
from consent.queries import consent_sentences, current, donors_of
from consent.rules.form_content import parse_content
from consent.web.forms import SignForm, add_refusal
from consent.web.signature import is_proved, is_what_was_shown
from consent.web.way import shown
from core.errors import Conflict, Invalid, Missing
from core.web.reader import reader


@login_required
@require_POST
def allow_contact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """We may write again."""
    actions.allow_contact(donor=_mine(request, pk), by=reader(request))
    messages.success(request, _("Thank you. We may write to you again."))
    return redirect("consent:choices")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def allow_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What may be done again, and the signature that allows it."""
    donor = _mine(request, pk)
    consent, newest = current(donor.pk), donor.signatures.select_related("form_version").first()
    if consent is None or newest is None or consent.nothing_new_since is None:
        raise Conflict("New uses are allowed already.", "unlimited")
    expected = shown(newest.form_version, newest.choices, donor=donor.pk, resume=consent.nothing_new_since)
    form = SignForm(request.POST if request.method == "POST" else None, initial={"shown": expected})
    if form.is_bound and is_proved(request, form):
        if not is_what_was_shown(request, form, expected):
            return redirect("consent:allow_new", pk=donor.pk)
        try:
            name = form.cleaned_data["typed_name"]
            signature = actions.allow_new(donor=donor, typed_name=name, by=reader(request))
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Thank you. New research may use your scans again."))
            return redirect("consent:receipt", pk=signature.pk)
    can, cannot = consent_sentences(donor.pk)
    content = parse_content(newest.form_version.content)
    context = {"donor": donor, "form": form, "can": can, "cannot": cannot, "content": content}
    return render(request, "consent/allow_new.html", context)


def _mine(request: HttpRequest, pk: UUID) -> Donor:
    donor = donors_of(reader(request)).select_related("programme").filter(pk=pk).first()
    if donor is None:
        raise Missing("There is no such donor here.")
    return donor
