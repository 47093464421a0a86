"""The pages of rechecks: begin one, see how far it has come and what it found, take its report along."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.queries import holds, programmes
from core.accounts.roles import Role
from core.errors import Missing
from core.web.reader import reader
from curation import actions, queries
from curation.models import Recheck
from curation.rules import outcomes, recheck_report
from curation.rules.attributes import name_of
from curation.rules.lifecycle import RecheckState
from curation.web.words import SENTENCES, sentence_for
from registry.queries import report_of_recheck

READERS = (Role.STEWARD, Role.CURATOR, Role.AUDITOR)
PAGE = 25


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rechecks(request: HttpRequest) -> HttpResponse:
    """All rechecks that one may see; a steward begins one here."""
    if not programmes(request.user, *READERS).exists():
        raise Missing("There are no rechecks for you.")
    mine = programmes(request.user, Role.STEWARD).order_by("name")
    if request.method == "POST":
        chosen = next((each for each in mine if str(each.pk) == request.POST.get("programme")), None)
        if chosen is None:
            raise Missing("There is no such programme.")
        begun = actions.start_recheck(programme=chosen, by=reader(request))
        messages.success(request, _("All clean images are being looked through again."))
        return redirect("curation:recheck", begun.pk)
    page = Paginator(queries.rechecks_visible(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "curation/rechecks.html", {"page": page, "programmes": mine})


@login_required
@require_safe
def recheck(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One recheck: how far it has come, and what it found."""
    found = queries.recheck_of(request.user, pk)
    report = queries.report_on(found)
    context: dict[str, Any] = {
        "recheck": found,
        "report": report,
        "runs": found.state == RecheckState.RUNNING,
        "outcomes": [(words, report.outcomes[code]) for code, words in outcomes.WORDS.items()],
        "codes": sorted((_words(code), number) for code, number in report.codes.items()),
        "rows": [(row, outcomes.WORDS[outcomes.Outcome(row.outcome)]) for row in report.files[:PAGE]],
        "more": max(0, len(report.files) - PAGE),
        "looks": holds(request.user, found.programme_id, Role.CURATOR),
        "opened": report_of_recheck(found.pk),
    }
    return render(request, "curation/recheck.html", context)


@login_required
@require_safe
def report_json(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole report for programs."""
    found = queries.recheck_of(request.user, pk)
    text = json.dumps(queries.report_on(found).as_dict(), indent=1, sort_keys=True)
    return _attached(text, "application/json", found, "json")


@login_required
@require_safe
def report_csv(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The files of which there is something to say, for a spreadsheet."""
    found = queries.recheck_of(request.user, pk)
    return _attached(recheck_report.as_csv(queries.report_on(found).files), "text/csv; charset=utf-8", found, "csv")


def _attached(text: str, kind: str, found: Recheck, ending: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="recheck-{found.started_at:%Y-%m-%d}.{ending}"'
    return answer


def _words(code: str) -> str:
    """A code of what was found: an attribute by its name, or a sentence."""
    if code == "private":
        return _("A private attribute")
    return sentence_for(code) if code in SENTENCES else name_of(code)
