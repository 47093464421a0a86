"""Hands a donor's page what the engine in it needs; asked for by its script once files were chosen."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from core.web.reader import reader
from curation import actions


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
