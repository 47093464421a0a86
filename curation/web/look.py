"""Lists on which curators look: what waits, and what lies in quarantine; and the pictures themselves."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.accounts.queries import roles_of
from core.accounts.roles import Role
from core.errors import Missing
from curation import queries
from curation.models import Series
from curation.rules import holds, risks
from curation.web.narrowing import chosen, filter_of, query_of
from curation.web.pictures import some_of, thumbnails, title_of
from curation.web.series import numbered
from curation.web.words import found_words, rate_words, sentence_for
from registry import queries as registry
from registry.rules.remedies import remedy

SERIES_A_PAGE, IMAGES_A_CARD, FILES_A_PAGE = 24, 4, 50


@login_required
@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """What waits for this curator, oldest first."""
    if Role.CURATOR not in roles_of(request.user):
        raise Missing("There is no such page for you.")
    waiting = queries.worklist(request.user, **chosen(request))
    page = Paginator(waiting, SERIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": filter_of(request),
        "page": page,
        "cards": [card(request, series) for series in page],
        "clear": queries.worklist(request.user, risk="clear").exclude(queries.HELD).count(),
        "progress": queries.progress(request.user),
        "rate": rate_words(queries.catches(request.user)),
    }
    return render(request, "curation/worklist.html", context)


@login_required
@require_safe
def render_png(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One picture from the review zone, in full size or small."""
    which = queries.Picture.BEFORE if "before" in request.GET else queries.Picture.AFTER
    asked = request.GET
    png = queries.picture_of(request.user, pk, which=which, tag=asked.get("v", ""), small="small" in asked)
    return HttpResponse(png, content_type="image/png", headers={"Cache-Control": "private, max-age=300"})


@login_required
@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    """Files that were not taken, with the reason in plain words."""
    if not roles_of(request.user) & {Role.CURATOR, Role.STEWARD}:
        raise Missing("There is no such page for you.")
    refusals = queries.refusals(request.user)
    page = Paginator(refusals, FILES_A_PAGE).get_page(request.GET.get("page"))
    counts = refusals.order_by().values("reason").annotate(count=Count("pk")).order_by("-count", "reason")
    kept = registry.kept_until([found.file_id for found in page])
    context = {
        "page": page,
        "files": [
            {
                "refusal": found,
                "kept": kept.get(found.file_id),
                "reason": sentence_for(found.reason),
                "found": found_words(found.found),
                "remedy": remedy(found.reason),
            }
            for found in page
        ],
        "is_steward": Role.STEWARD in roles_of(request.user),
        "counts": [(sentence_for(line["reason"]), line["count"]) for line in counts],
    }
    return render(request, "curation/quarantine.html", context)


def card(request: HttpRequest, series: Series) -> dict[str, object]:
    """One series in the worklist."""
    images = list(series.derivations.all())
    probe = queries.planted_for(request.user, series)
    return {
        "series": series,
        "title": title_of(series),
        "address": reverse("curation:series", args=[series.pk]) + query_of(request),
        "images": thumbnails(series, some_of(images, IMAGES_A_CARD), numbers=numbered(images), probe=probe),
        "risk": risks.WORDS[series.pixel_risk],
        "tone": risks.TONES[series.pixel_risk],
        "holds": [holds.WORDS.get(code, code) for code in series.holds],
    }
