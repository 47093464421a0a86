"""The certificate of a withdrawal: a page to print, and the same as JSON for programs."""

from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from consent.models import Withdrawal
from consent.queries import certificate_of, log_of, programme_of
from consent.rules.keeping import said
from consent.rules.withdrawing import LEAVING
from consent.web.proofs import events
from consent.web.withdrawing import KIND_WORDS, find_withdrawal
from core.accounts.models import User
from core.errors import Conflict, Missing

HOW_TO_CHECK = (
    "Write certificate as JSON with sorted keys, without spaces, in UTF-8 (RFC 8785). Its SHA-256 is the sha256 beside "
    "it, and the reason of the event consent.withdrawal.complete in the public log. verify.py from the registry's page "
    "/log/ checks both without asking the registry: python verify.py certificate.json"
)
NOT_YET = gettext_noop("Not every step of this withdrawal is done, so there is no certificate yet.")


@require_safe
def certificate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each step with its time and proof; Conflict before every proof is there."""
    found, _ = find_withdrawal(request, pk)
    if found is None:
        if isinstance(request.user, User):
            raise Missing("There is no such withdrawal here.")
        return redirect_to_login(request.get_full_path())
    body = certificate_of(found)
    if body is None:
        raise Conflict(NOT_YET, "not_complete")
    if request.GET.get("format") == "json":
        return _as_json(found, body)
    query = f"?key={request.GET['key']}" if request.GET.get("key") else ""
    sha256 = found.certificate_sha256
    context = {
        "withdrawal": found,
        "programme": programme_of(found),
        "words": KIND_WORDS[found.kind],
        "events": events(found.steps.all()),
        "leaves": found.kind in LEAVING,
        "stays": [gettext(kept) for kept in said()],
        "sha256": [sha256[start : start + 8] for start in range(0, len(sha256), 8)],
        "back": reverse("consent:withdrawal", args=[found.pk]) + query,
        "as_file": f"{query}{'&' if query else '?'}format=json",
    }
    return render(request, "consent/certificate.html", context)


def certificate_body(withdrawal: Withdrawal, certificate: dict[str, object]) -> dict[str, object]:
    """A certificate with its place in the public log, what stays, and how to check it."""
    more = {"log": log_of(withdrawal), "stays": said(), "how_to_check": HOW_TO_CHECK}
    return {"type": "withdrawal certificate", **certificate, **more}


def _as_json(withdrawal: Withdrawal, body: dict[str, object]) -> JsonResponse:
    dumps = {"ensure_ascii": False, "indent": 2}
    answer = JsonResponse(certificate_body(withdrawal, body), json_dumps_params=dumps)
    answer.headers["Content-Disposition"] = f'attachment; filename="certificate-{withdrawal.pk}.json"'
    return answer
