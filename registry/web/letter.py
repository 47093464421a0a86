"""A donor's letter to the hospital that has their images: asked for, shown to print, and as PDF; and its code ended."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from consent import queries as consent
from core.errors import Conflict
from core.texts import gettext_noop
from core.web.pace import keep_pace
from core.web.paper import pdf
from core.web.reader import reader
from registry import actions, queries
from registry.models import Donation, Invitation
from registry.rules.invitations import read_code
from registry.rules.letter import Way
from registry.web.letter_form import LetterForm
from registry.web.letter_words import letter_of

ENDED = gettext_noop("This letter's code takes nothing more, so the letter is of no use. Make a new one.")
NOBODY = gettext_noop("We do not know your name any more, so there is no letter.")


@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The questions; the answer to a POST is the letter, with a code that is shown this once."""
    found = get_object_or_404(queries.donations_of(request.user), pk=pk)
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        invitation, code = None, ""
        if Way.PAGE in form.cleaned_data["ways"]:
            invitation, code = actions.invite(donation=found, by=reader(request))
        context = _letter(found, form, invitation, code)
        return render(request, "registry/letter.html", context | {"carried": [*form.carried(), ("code", code)]})
    context = {"donation": found, "form": form, "is_open": found.is_unsent}
    return render(request, "registry/letter_new.html", context, status=422 if request.method == "POST" else 200)


@login_required
@sensitive_post_parameters()
@require_POST
def letter_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same letter as a file to keep and print, made from what its page carries along."""
    found = get_object_or_404(queries.donations_of(request.user), pk=pk)
    form = LetterForm(request.POST)
    if not form.is_valid():
        context = {"donation": found, "form": form, "is_open": found.is_unsent}
        return render(request, "registry/letter_new.html", context, status=422)
    code = read_code(request.POST.get("code", ""))
    invitation = _asked(request, found, code) if Way.PAGE in form.cleaned_data["ways"] else None
    keep_pace(request, "letter_pdf", reader(request))
    answer = HttpResponse(pdf("registry/letter_pdf.html", _letter(found, form, invitation, code)))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    return answer


@login_required
@require_POST
def end(request: HttpRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    """Ends a letter's code at once."""
    mine = queries.invitations_of(request.user).filter(donation_id=pk)
    actions.end_invitation(invitation=get_object_or_404(mine, pk=invitation), by=reader(request))
    messages.success(request, _("The code of this letter takes nothing more. What arrived before is still here."))
    return redirect("registry:donation", pk)


def _letter(donation: Donation, form: LetterForm, invitation: Invitation | None, code: str) -> dict[str, Any]:
    person = consent.identity_of(donation.donor_id)
    if person is None:
        raise Conflict(NOBODY, "nobody")
    return {"donation": donation, **letter_of(donation, person, form.cleaned_data, invitation, code)}


def _asked(request: HttpRequest, donation: Donation, code: str) -> Invitation:
    """The invitation that the letter's code is of; a letter is not printed with one that is no use."""
    known = queries.invitation_by_code(code) if code else None
    if known is None or known.donation_id != donation.pk or queries.taking(known.pk) is None:
        raise Conflict(ENDED, "ended")
    return known
