"""The pages for what went wrong: plain words, and what to do next; programs are answered as the API answers them."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core.web.api import PROBLEM, problem

API = ("/api/", "/dicom-web/")
SENTENCES = {
    400: ("This could not be understood. Check what you sent.", "bad_request"),
    403: ("You may not do this.", "not_allowed"),
    404: ("There is no such address.", "missing"),
    500: ("Something went wrong on our side. Wait a minute, then try again.", "broken"),
}


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
    if request.path.startswith(API):
        return _answer(request, 500)
    return HttpResponse(render_to_string("500.html"), status=500)


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if not request.path.startswith(API):
        return render(request, f"{status}.html", status=status)
    sentence, code = SENTENCES[status]
    return JsonResponse(problem(sentence, status, code), status=status, content_type=PROBLEM)
