"""The page of one series: what to look for, its pictures, what was done to the files, and the decision."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.canonical import sha256_hex
from curation import queries
from curation.models import Derivation, Series, StudyWords
from curation.rules import deeds, findings, holds, risks
from curation.rules.alike import shortened
from curation.rules.attributes import name_of
from curation.rules.lifecycle import SeriesState, WordsState
from curation.web.forms import AcceptForm, RejectForm
from curation.web.narrowing import chosen, query_of
from curation.web.pictures import thumbnails, title_of
from curation.web.words import sentence_for

SHOWN = (SeriesState.WAITING, SeriesState.ACCEPTED)


@login_required
@require_safe
def series(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One series."""
    return series_page(request, queries.series_of(request.user, pk))


def series_page(request: HttpRequest, series: Series, **forms: Any) -> HttpResponse:
    """The page of a series; `accept_form` or `reject_form` where one of them was posted and had a mistake."""
    images = list(series.derivations.all())
    wrong = next((form for form in forms.values() if form.errors), None)
    context = {
        **facts(series, images),
        **what_stays(queries.words_of(series)),
        **addresses(request, series),
        "others": queries.worklist(request.user, **chosen(request)).exclude(pk=series.pk).count(),
        "accept_form": AcceptForm(initial={"finding": ""}),
        "reject_form": RejectForm(),
        "form": wrong,
        **forms,
    }
    return render(request, "curation/series.html", context, status=200 if wrong is None else 422)


def facts(series: Series, images: Sequence[Derivation]) -> dict[str, Any]:
    """What the page says of the series and its images."""
    return {
        "series": series,
        "title": title_of(series),
        "lead": f"{len(images)} {'image' if len(images) == 1 else 'images'}, cleaned and searched.",
        "images": thumbnails(series, images) if series.state in SHOWN else [],
        "waits": series.state == SeriesState.WAITING,
        "risk": {"words": risks.WORDS[series.pixel_risk], "tone": risks.TONES[series.pixel_risk]},
        "holds": [(holds.WORDS.get(code, code), holds.EXPLAINED.get(code, "")) for code in series.holds],
        "risk_explained": risks.EXPLAINED[series.pixel_risk],
        "done": done(images),
        "irregular": sum(image.warnings for image in images),
        "finding": findings.WORDS[findings.Finding(series.finding)],
        "reason": sentence_for(series.reason),
    }


def what_stays(words: Iterable[StudyWords]) -> dict[str, Any]:
    """The study's words by what was decided on them."""
    by_state: dict[str, list[StudyWords]] = {state: [] for state in WordsState}
    for each in words:
        by_state[each.state].append(each)
    return {
        "reject_title": "Do not take these images" if by_state[WordsState.REJECTED] else "Or do not take them",
        "new_count": len(by_state[WordsState.OPEN]),
        "shown": fingerprint(each.pk for each in by_state[WordsState.OPEN]),
        "new": lines(by_state[WordsState.OPEN]),
        "read": lines(by_state[WordsState.ACCEPTED]),
        "naming": lines(by_state[WordsState.REJECTED]),
    }


def lines(words: Iterable[StudyWords]) -> dict[str, list[str]]:
    """The texts by the name of the attribute in which they stay."""
    found: dict[str, list[str]] = {}
    for each in words:
        found.setdefault(name_of(each.attribute), []).append(each.text)
    return {name: shortened(texts) for name, texts in found.items()}


def fingerprint(words: Iterable[UUID]) -> str:
    """Stands for a list of words that a page has shown, however long it is."""
    return sha256_hex("\n".join(sorted(map(str, words))).encode())


def addresses(request: HttpRequest, series: Series) -> dict[str, str]:
    """The addresses that the page posts and leads to, each with the list's narrowing."""
    query = query_of(request)
    return {
        "worklist": reverse("curation:worklist") + query,
        "accept_address": reverse("curation:accept", args=[series.pk]) + query,
        "reject_address": reverse("curation:reject", args=[series.pk]) + query,
    }


def done(images: Sequence[Derivation]) -> list[tuple[str, int]]:
    """What the engine did to the whole series, as words and counts."""
    sums = {code: sum(image.decisions.get(code, 0) for image in images) for code in deeds.WORDS}
    return [(deeds.WORDS[code], count) for code, count in sums.items() if count]
