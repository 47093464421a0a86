"""Hands a donor's page what the engine in it needs; asked for by its script once files were chosen."""

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from core.web.pace import keep_pace
from core.web.reader import reader
from curation import actions

#: The most bytes of a question for numbers.
QUESTION = 64 << 10


@login_required
@require_POST
def engine_key(request: HttpRequest, pk: UUID) -> JsonResponse:
    """The donor's own key in hex, and who they are; a POST, since handing it out is noted."""
    lent = actions.lend_key(donation_id=pk, by=reader(request))
    person = lent.identity
    return JsonResponse(
        {
            "key": bytes(lent.key).hex(),
            "person": {
                "given": person.given_name,
                "family": person.family_name,
                "previous": list(person.previous_names),
                "born": person.birth_date.isoformat(),
            },
        }
    )


@login_required
@require_POST
def engine_numbers(request: HttpRequest, pk: UUID) -> JsonResponse:
    """What the programme's key makes of some values, in hexadecimal digits and in their order.

    The body is JSON: {"asks": [[kind, message in hexadecimal digits], …]}, as the engine asks.
    """
    by = reader(request)
    keep_pace(request, "engine_numbers", by)
    numbers = actions.lend_numbers(donation_id=pk, asked=_asked(request.read(QUESTION)), by=by)
    return JsonResponse({"numbers": [f"{number:064x}" for number in numbers]})


def _asked(body: bytes) -> list[tuple[str, bytes]]:
    """What the body asks for: nothing, where it cannot be read, which is refused to the donor and hidden to others."""
    try:
        asks: Any = json.loads(body)["asks"]
        return [(str(kind), bytes.fromhex(message)) for kind, message in asks]
    except (ValueError, TypeError, KeyError, RecursionError):
        return []
