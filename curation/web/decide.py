"""Where a curator's decision is posted; the next series opens after it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.errors import Invalid
from core.web.reader import reader
from curation import actions, queries
from curation.models import Series
from curation.web.forms import AcceptForm, RejectForm
from curation.web.narrowing import chosen, query_of
from curation.web.series import fingerprint, series_page


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
        actions.accept_series(series=series, finding=form.cleaned_data["finding"], words=read, by=reader(request))
    except Invalid as refusal:
        form.add_error(None, refusal.sentence)
        return series_page(request, series, accept_form=form)
    messages.success(request, "Accepted. The images are in the registry now.")
    return _next(request, series)


@login_required
@require_POST
def reject(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Refuses the series for a reason."""
    series = queries.series_of(request.user, pk)
    form = RejectForm(request.POST)
    if not form.is_valid():
        return series_page(request, series, reject_form=form)
    actions.reject_series(series=series, reason=form.cleaned_data["reason"], by=reader(request))
    messages.success(request, "Rejected. What was made of the images is being deleted.")
    return _next(request, series)


def _next(request: HttpRequest, series: Series) -> HttpResponse:
    """On to the next series that waits, under the same narrowing; to the list when there is none."""
    following = queries.next_after(request.user, series, **chosen(request))
    address = reverse("curation:series", args=[following.pk]) if following else reverse("curation:worklist")
    return redirect(address + query_of(request))
