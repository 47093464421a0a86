"""A donor's own consent as a file for other systems."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from consent.queries import fhir_consent
from core.web.reader import reader


@login_required
@require_safe
def fhir(request: HttpRequest, pk: UUID) -> JsonResponse:
    """The consent as FHIR R4, to keep; it holds no name."""
    body = fhir_consent(reader(request), pk)
    answer = JsonResponse(
        body, json_dumps_params={"ensure_ascii": False, "indent": 2}, content_type="application/fhir+json"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="consent-{pk}.json"'
    return answer
