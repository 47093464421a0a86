"""Where planted writing was that a curator did not see."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from curation import queries
from curation.web.narrowing import query_of
from curation.web.pictures import title_of
from curation.web.words import rate_words


@login_required
@require_safe
def planted(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The altered picture with its writing marked; the real series comes next."""
    probe, _ = queries.planted_seen_by(request.user, pk)
    context = {
        "probe": probe,
        "title": title_of(probe.series),
        "picture": reverse("curation:planted_png", args=[probe.pk]),
        "next": reverse("curation:series", args=[probe.series_id]) + query_of(request),
        "rate": rate_words(queries.catches(request.user)),
    }
    return render(request, "curation/planted.html", context)


@login_required
@require_safe
def planted_png(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The altered picture."""
    _, png = queries.planted_seen_by(request.user, pk)
    return HttpResponse(png, content_type="image/png", headers={"Cache-Control": "private, max-age=300"})
