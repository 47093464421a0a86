"""Where a curator's decision is posted; the next series opens after it."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from core.errors import Invalid
from core.spoken import said
from core.web.reader import reader
from curation import actions, queries
from curation.models import Probe, Series
from curation.rules.drawing import Drawing
from curation.rules.lifecycle import ProbeState, SeriesState
from curation.rules.readers import Decision
from curation.web.forms import AcceptForm, RegionForm, RejectForm, regions_of
from curation.web.narrowing import chosen, query_of
from curation.web.series import fingerprint, series_page

SAID = {
    ProbeState.CAUGHT: _("You found writing that we had planted in a copy of a picture. Here are the real ones."),
    ProbeState.VOID: _("One picture was a copy that we had altered as a test. Here are the real ones: decide again."),
}


@login_required
@require_POST
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes the series, with what the curator noted."""
    series = queries.series_of(request.user, pk)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return series_page(request, series, accept_form=form)
    words = queries.unread_words(series)
    read = words if fingerprint(words) == form.cleaned_data["words"] else []
    try:
        shown = queries.shown_to(request.user, series, form.cleaned_data["shown"])
        if shown.probe:
            return _answered(request, shown.probe, Decision.ACCEPT)
        actions.accept_series(
            series=series,
            finding=form.cleaned_data["finding"],
            words=read,
            seen=shown.round,
            seconds=shown.seconds,
            by=reader(request),
        )
    except Invalid as refusal:
        form.add_error(None, said(refusal.sentence))
        return series_page(request, series, accept_form=form)
    waits = series.state == SeriesState.SECOND
    another, taken = _("Accepted. Another curator looks at it now."), _("Accepted. The images are in the registry now.")
    messages.success(request, another if waits else taken)
    return _next(request, series)


@login_required
@require_POST
def reject(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Refuses the series for a reason."""
    series = queries.series_of(request.user, pk)
    form = RejectForm(request.POST)
    if not form.is_valid():
        return series_page(request, series, reject_form=form)
    reason = form.cleaned_data["reason"]
    try:
        shown = queries.shown_to(request.user, series, form.cleaned_data["shown"])
    except Invalid as refusal:
        form.add_error(None, said(refusal.sentence))
        return series_page(request, series, reject_form=form)
    if shown.probe:
        return _answered(request, shown.probe, Decision.REJECT, reason=reason)
    actions.reject_series(series=series, reason=reason, seen=shown.round, seconds=shown.seconds, by=reader(request))
    messages.success(request, _("Rejected. What was made of the images is being deleted."))
    return _next(request, series)


@login_required
@require_POST
def redact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sends what was drawn to a worker; or, with `add`, lists one more region on the page, which is not sent yet."""
    series = queries.series_of(request.user, pk)
    regions = regions_of(request.POST.getlist("region"))
    if request.POST.get("do") == "add":
        form = RegionForm(request.POST)
        if form.errors:
            return series_page(request, series, drawn=regions, region_form=form)
        return series_page(request, series, drawn=[*regions, form.region()])
    try:
        shown = queries.shown_to(request.user, series, request.POST.get("shown", ""))
        if shown.probe:
            return _answered(request, shown.probe, Decision.REDACT, regions=regions)
        actions.redact_series(
            series=series, regions=regions, seen=shown.round, seconds=shown.seconds, by=reader(request)
        )
    except Invalid as refusal:
        return series_page(request, series, drawn=regions, wrong=said(refusal.sentence))
    messages.success(
        request, _("Sent. The regions are being blanked, and the series comes back to be looked at again.")
    )
    return _next(request, series)


def _answered(
    request: HttpRequest, probe: Probe, decision: Decision, *, reason: str = "", regions: Sequence[Drawing] = ()
) -> HttpResponse:
    """After planted writing: the real series, or first where it was that nobody saw."""
    found = actions.answer_probe(probe=probe, decision=decision, by=reader(request), reason=reason, regions=regions)
    if found == ProbeState.MISSED:
        return redirect(reverse("curation:planted", args=[probe.pk]) + query_of(request))
    messages.success(request, SAID[found])
    return redirect(reverse("curation:series", args=[probe.series_id]) + query_of(request))


def _next(request: HttpRequest, series: Series) -> HttpResponse:
    """On to the next series that waits, under the same narrowing; to the list when there is none."""
    if request.GET.get("back") == "sheets":
        return redirect(reverse("curation:sheets") + query_of(request))
    following = queries.next_after(request.user, series, **chosen(request))
    address = reverse("curation:series", args=[following.pk]) if following else reverse("curation:worklist")
    return redirect(address + query_of(request))
