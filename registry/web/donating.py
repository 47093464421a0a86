"""The donor's pages for giving images: begin, add files, answer a question, send off, take back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent import queries as consent
from core.accounts.queries import open_programmes
from core.web.reader import reader
from registry import actions, queries
from registry.models import Donation
from registry.rules.lifecycle import DonationState, FileState
from registry.web.chosen import chosen
from registry.web.forms import FilesForm, WhoseForm, WithoutForm
from registry.web.letter_words import letter_rows
from registry.web.scan_words import adding
from registry.web.words import donation_steps, not_arrived, question, study_rows


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def donate(request: HttpRequest) -> HttpResponse:
    """What is needed and what happens with it; posting begins a donation for the chosen donor."""
    donors = [donor for donor in consent.donors_of(request.user).select_related("programme") if _may(donor.pk)]
    if request.method == "POST":
        donor = get_object_or_404(consent.donors_of(request.user), pk=chosen(request, "donor"))
        begun = actions.start_donation(donor=donor, by=reader(request))
        is_for_letter = request.POST.get("next") == "letter"
        return redirect("registry:donation_letter" if is_for_letter else "registry:donation", begun.pk)
    return render(
        request,
        "registry/donate.html",
        {
            "donors": donors,
            "programmes": [] if donors else open_programmes(),
            "unsent": queries.unsent_donation(request.user),
            "earlier": queries.donations_of(request.user).filter(submitted_at__isnull=False),
        },
    )


@login_required
@require_safe
def donation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One donation: add files while it is open, then follow what becomes of it."""
    found = get_object_or_404(queries.donations_of(request.user), pk=pk)
    facts = queries.donation_facts(found)
    images = sum(number for state, number in facts.states.items() if state not in {"held", "duplicate"})
    letters = letter_rows(queries.invitations_of(request.user).filter(donation=found))
    context = {"donation": found, "images": images, "studies": study_rows(facts), "letters": letters}
    if found.state == DonationState.STOPPED:
        asked = {"question": question(facts.held), "answer_form": WhoseForm(), "several": facts.people > 1}
        return render(request, "registry/donation_question.html", {**context, **asked})
    if found.state == DonationState.OPEN:
        shown = {**context, **adding(), **_under_way(found, letters)}
        return render(request, "registry/donation_open.html", shown)
    not_used = facts.states.get(FileState.QUARANTINED, 0)
    shown = {"steps": donation_steps(facts), "not_used": not_used, "raw": queries.raw_facts(found)}
    return render(request, "registry/donation.html", {**context, **shown})


def _under_way(donation: Donation, letters: list[dict[str, Any]]) -> dict[str, Any]:
    """What is still to come of an open donation: files that were promised, and hospitals that have not finished."""
    return {
        "asked_still": any(letter["is_open"] for letter in letters),
        "files_form": FilesForm(),
        "not_arrived": not_arrived(queries.lacking(donation)),
    }


@login_required
@require_POST
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The donor's answer: their own images under another name, or somebody else's."""
    found = get_object_or_404(queries.donations_of(request.user), pk=pk)
    said = request.POST.get("whose")
    if said not in {"mine", "not_mine"}:
        messages.error(request, _("Choose one of the two answers."))
        return redirect("registry:donation", pk)
    if found.state != DonationState.STOPPED:
        messages.info(request, _("You have answered this question already."))
        return redirect("registry:donation", pk)
    mine = said == "mine"
    actions.answer_identity(donation=found, mine=mine, by=reader(request))
    words = _("Thank you. We took these images as yours.") if mine else _("Thank you. We removed these images.")
    messages.success(request, words)
    return redirect("registry:donation", pk)


@login_required
@require_POST
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sends the donation off; where promised files have not arrived, asks first."""
    found = get_object_or_404(queries.donations_of(request.user), pk=pk)
    lacking = queries.lacking(found)
    if found.state == DonationState.OPEN and lacking.missing and request.POST.get("without") != "yes":
        return _ask_without(request, found, not_arrived(lacking))
    actions.submit_donation(donation=found, by=reader(request))
    messages.success(request, _("Thank you for your gift. We start to take out names and dates now."))
    return redirect("registry:donation", pk)


def _ask_without(request: HttpRequest, donation: Donation, sentence: str) -> HttpResponse:
    context = {
        "title": _("Send your donation without them?"),
        "text": f"{sentence} {_('You can still add them: go back, and choose the same folder or disc again.')}",
        "consequences": [
            _("We go on with the pictures that are here."),
            _("You cannot add to this donation afterwards. You can give the others in a new one."),
        ],
        "form": WithoutForm(),
        "confirm_label": _("Send without them"),
        "cancel_href": reverse("registry:donation", args=[donation.pk]),
    }
    return render(request, "design/confirm.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks whether to take an unsent donation back, and does it."""
    found = get_object_or_404(queries.donations_of(request.user), pk=pk)
    if request.method == "POST":
        actions.abandon_donation(donation=found, by=reader(request))
        messages.success(request, _("Your donation was taken back. The images are being deleted."))
        return redirect("registry:mydata")
    context = {
        "title": _("Take this donation back?"),
        "text": _("You have not sent it yet. You can give images again at any time."),
        "consequences": [_("We delete the images that you added."), _("Nobody has looked at them.")],
        "confirm_label": _("Take it back"),
        "cancel_href": reverse("registry:donation", args=[pk]),
        "warning": True,
    }
    return render(request, "design/confirm.html", context)


def _may(donor_id: UUID) -> bool:
    return consent.may_give_new(donor_id)
