"""Contact sheets: low-risk series with all of their small pictures, each accepted with one key."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.accounts.queries import roles_of
from core.accounts.roles import Role
from core.errors import Missing
from curation import queries
from curation.models import Series
from curation.web.narrowing import chosen, query_of
from curation.web.pictures import thumbnails, title_of
from curation.web.series import fingerprint, lines, numbered

SERIES_A_PAGE = 12
#: Nothing else is accepted from small pictures.
RISK = "clear"


@login_required
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """The next low-risk series, oldest first; those in which something is left to decide are not among them."""
    if Role.CURATOR not in roles_of(request.user):
        raise Missing("There is no such page for you.")
    narrowed = chosen(request) | {"risk": RISK}
    waiting = queries.worklist(request.user, **narrowed).exclude(queries.HELD)
    page = Paginator(waiting, SERIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "sheets": [_sheet(request, series) for series in page],
        "progress": queries.progress(request.user),
        "rate": queries.catches(request.user),
    }
    return render(request, "curation/sheets.html", context)


def _sheet(request: HttpRequest, series: Series) -> dict[str, Any]:
    images = list(series.derivations.all())
    probe = queries.planted_for(request.user, series)
    words = [each for each in queries.words_of(series) if each.state == "open"]
    query = query_of(request)
    deed = f"{query or '?'}{'&' if query else ''}back=sheets"
    return {
        "series": series,
        "title": title_of(series),
        "images": thumbnails(series, images, numbers=numbered(images), probe=probe),
        "shown_token": queries.token_for(request.user, series, probe),
        "words": lines(words),
        "words_shown": fingerprint(each.pk for each in words),
        "address": reverse("curation:series", args=[series.pk]) + query,
        "accept_address": reverse("curation:accept", args=[series.pk]) + deed,
    }
