"""The audit trail, for auditors and stewards: what happened, to what, by whom, and whether the chain holds."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.accounts.queries import programmes
from core.accounts.roles import Role
from core.audit.queries import chain_state, events_of, newest_head, open_alarms
from core.errors import Missing


class AuditFilter(forms.Form):
    """Narrows the list; everything may be left empty."""

    verb = forms.CharField(label=_("What happened"), required=False, max_length=80)
    subject = forms.UUIDField(label=_("To what (id)"), required=False)


@login_required
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Events of the programmes that one audits, newest first."""
    mine = programmes(request.user, Role.AUDITOR, Role.STEWARD)
    if not mine.exists():
        raise Missing("There is no such page for you.")
    events = events_of(mine.values_list("pk", flat=True))
    form = AuditFilter(request.GET or None)
    if form.is_bound and form.is_valid():
        if form.cleaned_data["verb"]:
            events = events.filter(verb__icontains=form.cleaned_data["verb"])
        if form.cleaned_data["subject"]:
            events = events.filter(subject_id=form.cleaned_data["subject"])
    page = Paginator(events, 50).get_page(request.GET.get("page"))
    log = {"chain": chain_state(), "head": newest_head(), "alarms": open_alarms()}
    return render(request, "portal/audit.html", {"page": page, "form": form, **log})
