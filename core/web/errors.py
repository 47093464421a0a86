"""The pages for what went wrong: plain words, and what to do next; programs are answered as the API answers them."""

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core.errors import Refused
from core.spoken import said
from core.web.api import PROBLEM, problem, refusal_as_problem

API = ("/api/", "/dicom-web/")
JSON = ("application/json", "application/dicom+json")
#: Seconds after which the same is worth asking again, by the answer's status (RFC 9110, 10.2.3).
RETRY_AFTER: Final[Mapping[int, int]] = {429: 60, 503: 30}
#: The page on which a refusal is said, where its status has one of its own.
PAGES: Final[Mapping[int, str]] = {404: "404.html", 413: "413.html", 429: "429.html"}
SENTENCES = {
    400: ("This could not be understood. Check what you sent.", "bad_request"),
    403: ("You may not do this.", "not_allowed"),
    404: ("There is no such address.", "missing"),
    500: ("Something went wrong on our side. Wait a minute, then try again.", "broken"),
}


def wants_problem(path: str, accept: str) -> bool:
    """Whether a program asks, which is answered with problem details (RFC 9457), and not a person, who gets a page."""
    return path.startswith(API) or accept.startswith(JSON)


def page_of(status: int) -> str:
    """The template that says a refusal of this status; it is given `refusal`, with a sentence and the status."""
    return PAGES.get(status, "refused.html")


def refusal(request: HttpRequest, error: Refused) -> HttpResponse:
    """The answer to what was refused: its sentence in the reader's language, and what to do next."""
    status = int(error.status)
    if wants_problem(request.path, request.headers.get("Accept", "")):
        body = refusal_as_problem(error)
        if not request.path.startswith(API):
            body["title"] = said(error.sentence)  # a page's own script, which shows it to a person
        return JsonResponse(body, status=status, content_type=PROBLEM)
    return render(request, page_of(status), {"refusal": error}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also the answer for what is somebody else's."""
    return _answer(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: rendered without the request, for what broke may be in what every page is given."""
    if wants_problem(request.path, request.headers.get("Accept", "")):
        return _answer(request, 500)
    return HttpResponse(render_to_string("500.html"), status=500)


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if not wants_problem(request.path, request.headers.get("Accept", "")):
        return render(request, f"{status}.html", status=status)
    sentence, code = SENTENCES[status]
    return JsonResponse(problem(sentence, status, code), status=status, content_type=PROBLEM)
