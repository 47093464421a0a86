"""Turns refusals into pages with the right status, and sets the content security policy."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from core.errors import Refused
from core.full import NoRoom, is_full
from core.web.errors import RETRY_AFTER, refusal

Next = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


class ContentPolicy:
    """No script, style, picture or form of another host, and nothing inline; private pages are not cached."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.user.is_authenticated if hasattr(request, "user") else False:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Refusals:
    """A Refused that reaches the top becomes a page that says the sentence and what to do next; so does a full disk.

    Programs get both as the API answers. What may be asked again later says when.

    So does a method that an address does not take: someone who signs in again after posting a form is led to the
    form's own address, and would find an empty page there.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        if response.status_code in RETRY_AFTER:
            response.headers.setdefault("Retry-After", str(RETRY_AFTER[response.status_code]))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if is_full(error):
            error = NoRoom()
        return refusal(request, error) if isinstance(error, Refused) else None
