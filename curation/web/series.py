"""The page of one series: what to look for, its pictures, what was done to the files, and the decision."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.canonical import sha256_hex
from curation import queries
from curation.models import Derivation, Series, StudyWords
from curation.rules import deeds, findings, holds, reasons, risks
from curation.rules.alike import shortened
from curation.rules.attributes import name_of
from curation.rules.drawing import Drawing
from curation.rules.lifecycle import OPEN, SeriesState, WordsState
from curation.web.forms import AcceptForm, RegionForm, RejectForm, text_of, words_of
from curation.web.looking_words import looking_words
from curation.web.narrowing import chosen, query_of
from curation.web.pictures import thumbnails, title_of
from curation.web.stage import in_order, stage_of
from curation.web.words import sentence_for

SHOWN = (*OPEN, SeriesState.ACCEPTED)
#: So many pictures of the next series are fetched while this one is looked at.
AHEAD = 12


@login_required
@require_safe
def series(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One series."""
    return series_page(request, queries.series_of(request.user, pk))


def series_page(
    request: HttpRequest, series: Series, *, drawn: Sequence[Drawing] = (), wrong: str = "", **forms: Any
) -> HttpResponse:
    """The page of a series; a form that was posted and had a mistake; and regions that were drawn and are not sent."""
    images = list(series.derivations.all())
    mistaken = next((form for form in forms.values() if form.errors), None)
    context = {
        **facts(series, images),
        **what_stays(queries.words_of(series)),
        **addresses(request, series),
        **pictures(request, series, images),
        "progress": queries.progress(request.user),
        "accept_form": AcceptForm(initial={"finding": ""}),
        "reject_form": RejectForm(),
        "drawn": [(text_of(region), words_of(region, numbered(images))) for region in drawn],
        "drawn_wrong": wrong,
        "form": mistaken,
        **forms,
    }
    return render(request, "curation/series.html", context, status=422 if mistaken or wrong else 200)


def numbered(images: Sequence[Derivation]) -> dict[UUID, int]:
    """Which image of the series is which, from 1."""
    return {image.pk: number for number, image in enumerate(images, start=1)}


def facts(series: Series, images: Sequence[Derivation]) -> dict[str, Any]:
    """What the page says of the series and its images."""
    return {
        "series": series,
        "title": title_of(series),
        "lead": ngettext("%(n)s image, cleaned and searched.", "%(n)s images, cleaned and searched.", len(images))
        % {"n": len(images)},
        "risk": {"words": risks.WORDS[series.pixel_risk], "tone": risks.TONES[series.pixel_risk]},
        "holds": [(holds.WORDS.get(code, code), holds.EXPLAINED.get(code, "")) for code in series.holds],
        "risk_explained": risks.EXPLAINED[series.pixel_risk],
        "done": done(images),
        "irregular": sum(image.warnings for image in images),
        "coded": sum(image.source_sha256 == image.cleaned_sha256 for image in images),
        "finding": findings.WORDS[findings.Finding(series.finding)],
        "reason": sentence_for(series.reason),
        "reasons": list(enumerate(reasons.REJECTION.items(), start=1)),
    }


def pictures(request: HttpRequest, series: Series, images: Sequence[Derivation]) -> dict[str, Any]:
    """The large picture, the small ones that lead to it, and whether this person can decide."""
    waits = queries.is_open_to(request.user, series)
    probe = queries.planted_for(request.user, series) if waits else None
    ordered = in_order(images) if series.state in SHOWN else []
    numbers, total = numbered(images), len(images)
    stages = [stage_of(image, numbers[image.pk], total, probe) for image in ordered]
    wanted = request.GET.get("image", "")
    stage = next((each for each in stages if str(each["number"]) == wanted), stages[0] if stages else None)
    return {
        "waits": waits,
        "shown_token": queries.token_for(request.user, series, probe) if waits else "",
        "is_second": series.state == SeriesState.SECOND,
        "images": thumbnails(series, ordered, numbers=numbers, probe=probe, query=query_of(request)),
        "stages": stages,
        "script_words": looking_words(),
        "stage": stage,
        "region_form": RegionForm(initial={"image": stage["id"]} if stage else None),
    }


def what_stays(words: Iterable[StudyWords]) -> dict[str, Any]:
    """The study's words by what was decided on them."""
    by_state: dict[str, list[StudyWords]] = {state: [] for state in WordsState}
    for each in words:
        by_state[each.state].append(each)
    return {
        "reject_title": _("Do not take these images") if by_state[WordsState.REJECTED] else _("Or do not take them"),
        "new_count": len(by_state[WordsState.OPEN]),
        "words_shown": fingerprint(each.pk for each in by_state[WordsState.OPEN]),
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


def addresses(request: HttpRequest, series: Series) -> dict[str, Any]:
    """The addresses that the page posts and leads to, each with the list's narrowing; and what comes next."""
    query = query_of(request)
    following = queries.next_after(request.user, series, **chosen(request))
    ahead = list(following.derivations.all()) if following else []
    probe = queries.planted_for(request.user, following) if following else None
    return {
        "worklist": reverse("curation:worklist") + query,
        "accept_address": reverse("curation:accept", args=[series.pk]) + query,
        "reject_address": reverse("curation:reject", args=[series.pk]) + query,
        "redact_address": reverse("curation:redact", args=[series.pk]) + query,
        "next_address": reverse("curation:series", args=[following.pk]) + query if following else "",
        "ahead": [stage_of(image, 0, 0, probe)["src"] for image in in_order(ahead)[:AHEAD]],
        "others": queries.worklist(request.user, **chosen(request)).exclude(pk=series.pk).count(),
    }


def done(images: Sequence[Derivation]) -> list[tuple[str, int]]:
    """What the engine did to the whole series, as words and counts."""
    sums = {code: sum(image.decisions.get(code, 0) for image in images) for code in deeds.WORDS}
    return [(deeds.WORDS[code], count) for code, count in sums.items() if count]
