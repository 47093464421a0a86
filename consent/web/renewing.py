"""The form changed: what is new, what to do and by when; sign again, keep what is still covered, or leave."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from consent.models import Donor, FormVersion
from consent.queries import Renewal, donors_of, renewal_of
from consent.rules.form_content import choices_of
from consent.rules.renewal import still_covered
from consent.web.choices_form import meaning_of
from consent.web.way import Answers, Way
from core.errors import Missing
from core.web.reader import reader


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page; posting it takes the answers that are still covered along to the signature."""
    donor = donors_of(reader(request)).select_related("programme").filter(pk=pk).first()
    if donor is None:
        raise Missing("There is no such donor here.")
    renewal = renewal_of(donor.pk)
    if renewal is None:
        return redirect("consent:choices")  # signed meanwhile, or gone: that page says what holds
    covered = _covered(donor, renewal)
    if request.method == "POST" and covered is not None and renewal.version is not None:
        Way(reader(request), donor.pk).keep_choices(renewal.version, covered)
        return redirect("consent:confirm_change", pk=donor.pk)
    return render(request, "consent/renew.html", _context(donor, renewal, covered))


def _context(donor: Donor, renewal: Renewal, covered: Answers | None) -> dict[str, Any]:
    can: list[str] = []
    if covered is not None and renewal.version is not None:
        can, _ = meaning_of(choices_of(renewal.version.content), covered)
    return {"donor": donor, "renewal": renewal, "version": renewal.version, "covered": covered, "can": can}


def _covered(donor: Donor, renewal: Renewal) -> Answers | None:
    """The answers on the new form that keep what the newest signature allowed, as far as it goes."""
    signed = donor.signatures.select_related("form_version").first()
    version: FormVersion | None = renewal.version
    if signed is None or version is None:
        return None
    return still_covered(choices_of(signed.form_version.content), choices_of(version.content), signed.choices)
