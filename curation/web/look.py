"""Pages on which curators look: what waits, one series with its pictures, and what lies in quarantine."""

from typing import Any
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
from curation.rules import deeds, findings, risks
from curation.rules.lifecycle import SeriesState
from curation.rules.reasons import sentence_for
from curation.web.forms import AcceptForm, RejectForm, WorklistFilter
from curation.web.pictures import thumbnails

SERIES_A_PAGE, IMAGES_A_CARD, FILES_A_PAGE = 24, 4, 50


@login_required
@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """What waits for this curator, oldest first."""
    if Role.CURATOR not in roles_of(request.user):
        raise Missing("There is no such page for you.")
    form = WorklistFilter(request.GET, modalities=queries.modalities(request.user))
    page = Paginator(queries.worklist(request.user, **form.chosen()), SERIES_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "cards": [_card(series) for series in page], "query": _query(request)}
    return render(request, "curation/worklist.html", context)


@login_required
@require_safe
def series(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One series: its pictures, what was done to them, and the decision."""
    return series_page(request, queries.series_of(request.user, pk))


def series_page(request: HttpRequest, series: Series, **forms: Any) -> HttpResponse:
    """The page of a series; `accept_form` or `reject_form` where one of them was posted and had a mistake."""
    images = list(series.derivations.all())
    wrong = [form for form in forms.values() if form.errors]
    context = {
        "series": series,
        "title": title_of(series),
        "lead": f"{len(images)} {'image' if len(images) == 1 else 'images'}, cleaned and searched.",
        **_addresses(request, series),
        "images": thumbnails(series, images) if _has_pictures(series) else [],
        "waits": series.state == SeriesState.WAITING,
        "risk": {"words": risks.WORDS[series.pixel_risk], "tone": risks.TONES[series.pixel_risk]},
        "risk_explained": risks.EXPLAINED[series.pixel_risk],
        "done": _done(images),
        "irregular": sum(image.warnings for image in images),
        "finding": findings.WORDS[findings.Finding(series.finding)],
        "reason": sentence_for(series.reason),
        "accept_form": AcceptForm(initial={"finding": ""}),
        "reject_form": RejectForm(),
        "form": wrong[0] if wrong else None,
    }
    return render(request, "curation/series.html", {**context, **forms}, status=422 if wrong else 200)


@login_required
@require_safe
def render_png(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One picture from the review zone, in full size or small."""
    png = queries.picture_of(request.user, pk, small="small" in request.GET)
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
    context = {
        "page": page,
        "files": [{"refusal": refusal, "reason": sentence_for(refusal.reason)} for refusal in page],
        "counts": [(sentence_for(line["reason"]), line["count"]) for line in counts],
    }
    return render(request, "curation/quarantine.html", context)


def _card(series: Series) -> dict[str, object]:
    images = list(series.derivations.all())
    return {
        "series": series,
        "title": title_of(series),
        "images": thumbnails(series, images, IMAGES_A_CARD),
        "risk": risks.WORDS[series.pixel_risk],
        "tone": risks.TONES[series.pixel_risk],
    }


def title_of(series: Series) -> str:
    """What a series is called: `CT, chest`."""
    return ", ".join(filter(None, [series.modality, series.body_part.lower()])) or "Series"


def _addresses(request: HttpRequest, series: Series) -> dict[str, str]:
    """The addresses that the page posts and leads to, each with the list's narrowing."""
    query = f"?{_query(request)}" if _query(request) else ""
    decisions = {
        f"{deed}_address": reverse(f"curation:{deed}", args=[series.pk]) + query for deed in ("accept", "reject")
    }
    return {"worklist": reverse("curation:worklist") + query, **decisions}


def _has_pictures(series: Series) -> bool:
    return series.state in (SeriesState.CLEANING, SeriesState.WAITING, SeriesState.ACCEPTED)


def _done(images: list[Any]) -> list[tuple[str, int]]:
    """What the engine did to the whole series, as words and counts."""
    sums = {code: sum(image.decisions.get(code, 0) for image in images) for code in deeds.WORDS}
    return [(deeds.WORDS[code], count) for code, count in sums.items() if count]


def _query(request: HttpRequest) -> str:
    """The list's narrowing, carried from page to page."""
    kept = request.GET.copy()
    for name in set(kept) - {"modality", "risk"}:
        del kept[name]
    return kept.urlencode()
