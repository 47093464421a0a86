"""For stewards: who reads, how much, how fast, and how much planted writing they find."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.errors import Missing
from curation import queries
from curation.web.words import rate_words


@login_required
@require_safe
def readers(request: HttpRequest) -> HttpResponse:
    """One table a programme."""
    programmes = queries.stewarded(request.user)
    if not programmes:
        raise Missing("There is no such page for you.")
    found = [
        {
            "programme": programme,
            "lines": [_line(line) for line in queries.reader_lines(programme)],
            "second": queries.waiting_for_second(programme).count(),
            "lacks_second": queries.lacks_second(programme),
        }
        for programme in programmes
    ]
    return render(request, "curation/readers.html", {"programmes": found, "mode": settings.SECOND_READER})


def _line(line: queries.ReaderLine) -> dict[str, object]:
    said = line.decisions
    return {
        "name": str(line.curator),
        "accepted": said.get("accept", 0),
        "rejected": said.get("reject", 0),
        "drawn": said.get("redact", 0),
        "seconds": _("not known") if line.seconds is None else f"{line.seconds:g}",
        "planted": rate_words(line.planted) or _("none was planted yet"),
    }
