"""A request's raw body: from the server that holds it whole, or not at all."""

from typing import BinaryIO, cast

from django.core.handlers.asgi import ASGIRequest
from rest_framework.exceptions import APIException
from rest_framework.request import Request


class LengthRequired(APIException):
    """411 (RFC 9110 section 15.5.12): under WSGI Django sees nothing of a body whose length was not announced."""

    status_code = 411
    default_detail = "This server needs to know the length of the body beforehand. Send it with a Content-Length."
    default_code = "length_required"


def announced(request: Request) -> int | None:
    """How many bytes the sender says that the body has; None for a chunked body. Raises LengthRequired, see there."""
    given = str(request.META.get("CONTENT_LENGTH") or "")
    if given.isascii() and given.isdecimal():
        return int(given)
    is_chunked = bool(request.META.get("HTTP_TRANSFER_ENCODING"))
    if is_chunked and not isinstance(request._request, ASGIRequest):
        raise LengthRequired
    return None if is_chunked else 0


def whole_body(request: Request) -> BinaryIO:
    """The body as a stream; under ASGI it has arrived whole before any view is called. Raises LengthRequired.

    DRF's own `request.stream` is empty for a chunked body.
    """
    announced(request)
    return cast(BinaryIO, request._request)
