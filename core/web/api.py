"""What every API endpoint shares: refusals as RFC 9457 problem details, and pages of results."""

from typing import IO, Any
from uuid import UUID

from rest_framework.exceptions import APIException, NotAuthenticated, NotFound, ParseError, PermissionDenied
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Invalid, Refused

PROBLEM = "application/problem+json"
#: What DRF says of these does not tell a person what to do.
SENTENCES: dict[type[APIException], str] = {
    NotAuthenticated: "Say who you are: send the header Authorization with Bearer and your access token.",
    PermissionDenied: "This token does not allow that. Make one that does, under Access tokens.",
}


class Json(JSONParser):
    """JSON as DRF reads it; what is nested too deeply to be read is the sender's mistake and not ours."""

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        """The parsed body; raises ParseError."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON parse error - this is nested too deeply.") from None


class Pages(CursorPagination):
    """Newest first, 100 at a time, by a cursor that does not skip when rows are added."""

    ordering = "-id"
    page_size = 100

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The cursor that was sent, or None; raises NotFound for one that this registry never gave."""
        cursor: Cursor | None = super().decode_cursor(request)
        try:
            if cursor is not None and cursor.position is not None:
                UUID(str(cursor.position))
        except ValueError:
            raise NotFound(self.invalid_cursor_message) from None
        return cursor


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal, ours and DRF's, as `application/problem+json` with its sentence and code; None for what broke."""
    if isinstance(error, Refused):
        return Response(refusal_as_problem(error), error.status, content_type=PROBLEM)
    # Imported here: DRF's views read the settings that name this module's classes, before these are there.
    from rest_framework.views import exception_handler

    response = exception_handler(error, context)
    if response is not None:
        response.data = _problem_of(error, response)
        response.content_type = PROBLEM
    return response


def refusal_as_problem(error: Refused) -> dict[str, Any]:
    """What was refused, as a problem, with the fields that are wrong."""
    return problem(error.sentence, int(error.status), error.code, error.fields if isinstance(error, Invalid) else {})


def problem(sentence: str, status: int, code: str, fields: Any = None) -> dict[str, Any]:
    """The body of a refusal; `fields` says which part and why."""
    body: dict[str, Any] = {"title": sentence, "status": status, "code": code}
    return {**body, "fields": fields} if fields else body


def _problem_of(error: Exception, response: Response) -> dict[str, Any]:
    """DRF's answer as a problem; its `detail` is a sentence, or the fields that are wrong."""
    if not isinstance(error, APIException):
        return problem("There is no such thing here.", response.status_code, "missing")
    if isinstance(error.detail, dict | list):
        return problem("Some of this is missing or cannot be used.", response.status_code, "invalid", error.detail)
    code = str(error.get_codes())
    return problem(SENTENCES.get(type(error), str(error.detail)), response.status_code, code)
