"""Receipts: what was signed, as a page to print, as PDF, and as JSON whose hashes anyone can work out again."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from consent.models import Signature
from consent.queries import entries_of, log_proofs, may_donate, signatures_of, signed_terms, spoken
from consent.rules.form_content import in_language, parse_content
from consent.rules.forms import Choice
from consent.web.logged import in_parts, numbers, seen
from core.errors import Missing
from core.web.pace import keep_pace
from core.web.paper import pdf
from core.web.reader import reader

HOW_TO_CHECK = (
    "Write form.content and choices.chosen as JSON with sorted keys, without spaces, in UTF-8 (RFC 8785). The "
    "SHA-256 of each is the sha256 beside it. verify.py from the registry's page /log/ does this, and checks the entry "
    "in the public log without asking the registry: python verify.py receipt.json"
)
#: The template of a receipt on paper.
RECEIPT = "consent/receipt_pdf.html"
ANSWERS = {True: _("Yes"), False: _("No")}


@login_required
@require_safe
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A page to print; `?format=pdf` gives the same as a file to keep, `?format=json` for programs."""
    signature = signatures_of(reader(request)).filter(pk=pk).first()
    if signature is None:
        raise Missing("There is no such receipt here.")
    kind = request.GET.get("format")
    if kind == "json":
        return as_json(signature)
    context = shown_on(signature)
    if kind == "pdf":
        keep_pace(request, "receipt_pdf", reader(request))
        return as_file(pdf(RECEIPT, context), signature, "pdf", "application/pdf")
    return render(request, "consent/receipt.html", context | {"may_donate": may_donate(signature.donor_id)})


def shown_on(signature: Signature) -> dict[str, Any]:
    """What a receipt shows, as a page and on paper."""
    content = parse_content(in_language(signature.form_version.content, signature.language))
    terms = signed_terms(signature)
    can, cannot = spoken(terms) if terms else ([], [])
    entries = entries_of(signature.donor).filter(signature=signature)
    return {
        "signature": signature,
        "person": signature.donor.person,
        "programme": signature.form_version.form.programme,
        "content": content,
        "answers": [(choice.label, _answer(choice, signature.choices)) for choice in content.choices],
        "text_sha256": in_parts(signature.text_sha256),
        "choices_sha256": in_parts(signature.choices_sha256),
        "logged": seen(entries, signature.signed_at),
        "log_numbers": numbers(log_proofs(entries)),
        "can": can,
        "cannot": cannot,
    }


def as_file(data: bytes, signature: Signature, ending: str, media_type: str) -> HttpResponse:
    """A receipt to keep, under a name that says nothing of what is in it."""
    answer = HttpResponse(data, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="receipt-{signature.pk}.{ending}"'
    return answer


def as_json(signature: Signature) -> JsonResponse:
    """The receipt for programs, to keep."""
    answer = JsonResponse(receipt_body(signature), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer.headers["Content-Disposition"] = f'attachment; filename="receipt-{signature.pk}.json"'
    return answer


def receipt_body(signature: Signature) -> dict[str, Any]:
    """Ids, the text and choices themselves, and their hashes; it holds no name."""
    version = signature.form_version
    terms = signed_terms(signature)
    return {
        "type": "consent receipt",
        "id": str(signature.pk),
        "donor": str(signature.donor_id),
        "programme": version.form.programme.slug,
        "signed_at": signature.signed_at.isoformat(),
        "meaning": signature.meaning,
        "language": signature.language,
        "form": {
            "version": version.number,
            "sha256": signature.text_sha256,
            "content": in_language(version.content, signature.language),
        },
        "choices": {"sha256": signature.choices_sha256, "chosen": signature.choices},
        "terms": terms.as_json() if terms else None,
        "name_commitment": signature.name_commitment,
        "log": log_proofs(entries_of(signature.donor).filter(signature=signature)),
        "how_to_check": HOW_TO_CHECK,
    }


def _answer(choice: Choice, chosen: dict[str, bool]) -> str:
    if choice.kind == "permission":
        # No more than what was done: research into cancer may be allowed by a wider choice that was ticked.
        return str(_("Ticked") if chosen.get(choice.code) else _("Not ticked"))
    return str(ANSWERS.get(chosen.get(choice.code), _("Not answered")))  # type: ignore[arg-type]  # None is an answer here too
