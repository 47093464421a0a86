"""The donor's page about files that are not used: why, what can be done, by whom, and until when they are kept."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from registry import queries
from registry.queries import StudyFacts
from registry.rules.reasons import words
from registry.rules.remedies import remedy
from registry.web.words import files, kind_words


@login_required
@require_safe
def not_used(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The files of one donation that were not taken, by examination and reason."""
    found = get_object_or_404(queries.donations_of(request.user), pk=pk)
    studies = queries.donation_facts(found).studies
    lines = [_line(study, reason, number) for study in studies for reason, number in study.reasons.items()]
    return render(
        request, "registry/not_used.html", {"donation": found, "lines": lines, "raw": queries.raw_facts(found)}
    )


def _line(study: StudyFacts, reason: str, number: int) -> dict[str, str]:
    title = gettext("Examination %(number)s: %(kind)s")
    found = remedy(reason)
    return {
        "which": title % {"number": study.number, "kind": kind_words(study.modality)},
        "files": files(number),
        "why": gettext(words(reason)),
        "what": gettext(found.donor),
        "who": gettext(found.who),
    }
