"""What every API endpoint shares: refusals as RFC 9457 problem details, and pages of results."""

from typing import Any

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import Invalid, Refused


class Pages(CursorPagination):
    """Newest first, 100 at a time, by a cursor that does not skip when rows are added."""

    ordering = "-id"
    page_size = 100


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal as `application/problem+json` with its sentence and code; the rest as DRF answers."""
    if isinstance(error, Refused):
        body: dict[str, Any] = {"title": error.sentence, "status": int(error.status), "code": error.code}
        if isinstance(error, Invalid) and error.fields:
            body["fields"] = error.fields
        return Response(body, status=error.status, content_type="application/problem+json")
    return exception_handler(error, context)
