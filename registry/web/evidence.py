"""The page of one piece of evidence: the grantee says where it is, the committee or a steward decides on it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consent.queries import kept_said
from core.errors import Invalid
from core.web.reader import reader
from registry import actions, queries
from registry.models import Evidence
from registry.rules.lifecycle import EvidenceState
from registry.rules.texts import MOST
from registry.web.forms import take_errors, yes_no


class GiveForm(forms.Form):
    """Where the evidence is."""

    reference = forms.CharField(
        label=_("Where is the evidence?"),
        max_length=MOST["reference"],
        help_text=_("The number of an approval, an address, or the id of a file. Name no donor."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecideForm(forms.Form):
    """Whether it shows what it should."""

    accept = yes_no(_("Does it show that this was done?"))
    remark = forms.CharField(
        label=_("If not, what is missing?"),
        required=False,
        max_length=MOST["remark"],
        help_text=_("The researcher reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is owed, what was given, and the one thing that the reader may do about it."""
    found = get_object_or_404(queries.evidence_visible(request.user), pk=pk)
    form = _form(request, found)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            _do(request, found, form)
        except Invalid as refusal:
            take_errors(form, refusal.fields, refusal.sentence)
        else:
            return redirect("registry:evidence", pk)
    is_own = found.grant.researcher_id == request.user.pk
    context = {"evidence": found, "sentence": kept_said(found.sentence), "form": form, "is_own": is_own}
    return render(request, "registry/evidence.html", context)


def _form(request: HttpRequest, found: Evidence) -> forms.Form | None:
    data = request.POST if request.method == "POST" else None
    if found.grant.researcher_id == request.user.pk:
        return GiveForm(data) if found.state == EvidenceState.OWED else None
    return DecideForm(data) if queries.evidence_to_decide(request.user).filter(pk=found.pk).exists() else None


def _do(request: HttpRequest, found: Evidence, form: forms.Form) -> None:
    given = form.cleaned_data
    if isinstance(form, GiveForm):
        actions.give_evidence(evidence=found, reference=given["reference"], by=reader(request))
        messages.success(request, _("Thank you. Somebody looks at it, and we tell you."))
    elif given["accept"]:
        actions.accept_evidence(evidence=found, by=reader(request))
        messages.success(request, _("Accepted."))
    else:
        actions.send_back(evidence=found, remark=given["remark"], by=reader(request))
        messages.success(request, _("Sent back. The researcher is told why."))
