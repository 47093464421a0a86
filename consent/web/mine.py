"""My choices: what holds now, what happened so far, and changing it with its effect shown before it is made."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from consent import actions
from consent.actions.signing import NOTHING_TO_SIGN
from consent.models import ConsentEvent, Donor, FormVersion, Withdrawal
from consent.queries import (
    check_of,
    consent_sentences,
    current,
    donors_of,
    entries_of,
    history,
    may_donate,
    news_since,
    published_form,
    renewal_of,
    signatures_of,
    why_rests,
    withdrawals_of,
)
from consent.queries.renewal import RENEWAL
from consent.rules.effects import CHOICES, Change, foresee
from consent.rules.form_content import FormContent
from consent.rules.forms import preview_terms
from consent.rules.lifecycle import ConsentState
from consent.rules.withdrawing import LEAVING
from consent.web.choices_form import ChoicesForm, meaning_of
from consent.web.forms import SignForm, add_refusal
from consent.web.languages import content_of, language_of
from consent.web.logged import seen
from consent.web.signature import is_proved, is_what_was_shown
from consent.web.way import Way, shown
from core.errors import Conflict, Invalid, Missing
from core.spoken import said
from core.web.reader import reader

EVENT_WORDS = {
    "signed": _("You signed"),
    "changed": _("You changed your choices"),
    "restricted": _("Your choices were narrowed"),
    "withdrawn": _("You withdrew"),
}
LIMIT_WORDS = {
    "no_contact": _("You asked us not to write to you"),
    "nothing_new": _("You stopped new research with your scans"),
    "erase": _("You asked us to delete your account"),
}


@login_required
@require_safe
def my_choices(request: HttpRequest) -> HttpResponse:
    """For each programme that one gives to: what holds, what happened, and the two things that one may do."""
    user = reader(request)
    gifts = [_gift(donor, user) for donor in donors_of(user).select_related("programme")]
    gifts.sort(key=lambda gift: not gift["active"])
    return render(request, "consent/my_choices.html", {"gifts": gifts})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The choices as they are, to be changed; nothing counts before it is signed on the next page."""
    donor, version = _giving(request, pk)
    content = content_of(request, version)
    way = Way(reader(request), donor.pk)
    before = _signed_choices(donor)
    data = request.POST if request.method == "POST" else None
    asking = data is not None and "show" not in data
    form = ChoicesForm(content.choices, data, chosen=way.choices(version) or before, complete=asking)
    if asking and form.is_valid():
        way.keep_choices(version, form.answers())
        return redirect("consent:confirm_change", pk=donor.pk)
    can, cannot = form.meaning()
    context = {"form": form, "can": can, "cannot": cannot, "donor": donor, "content": content}
    return render(request, "consent/change.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Before and after side by side, and the signature that makes it so."""
    donor, version = _giving(request, pk)
    way = Way(reader(request), donor.pk)
    chosen = way.choices(version)
    if chosen is None:
        return redirect("consent:change", pk=donor.pk)
    content = content_of(request, version)
    effect = _effect(donor, meaning_of(content.choices, chosen)) | _foreseen(donor, content, chosen)
    renewal = renewal_of(donor.pk)
    language = language_of(request, version)
    expected = shown(version, chosen, donor=donor.pk, language=language)
    form = SignForm(request.POST if request.method == "POST" else None, initial={"shown": expected})
    if form.is_bound and is_proved(request, form):
        if not is_what_was_shown(request, form, expected):
            return redirect("consent:confirm_change", pk=donor.pk)
        try:
            name = form.cleaned_data["typed_name"]
            signature = actions.change_choices(
                donor=donor, choices=chosen, typed_name=name, version=version, language=language, by=reader(request)
            )
        except Invalid as refusal:
            add_refusal(form, refusal)
        except Conflict as refusal:
            messages.warning(request, said(refusal.sentence))
            return redirect("consent:change", pk=donor.pk)  # which shows the form that is offered now
        else:
            messages.success(request, _("Your new choices hold from now on."))
            return redirect("consent:receipt", pk=signature.pk)
    context = {"form": form, "donor": donor, "content": content, "version": version, "renewal": renewal, **effect}
    return render(request, "consent/confirm_change.html", context)


def _giving(request: HttpRequest, pk: UUID) -> tuple[Donor, FormVersion]:
    """One's own donor whose consent is in force, and the form that a change is signed on."""
    donor = donors_of(reader(request)).select_related("programme").filter(pk=pk).first()
    if donor is None:
        raise Missing("There is no such donor here.")
    if not may_donate(donor.pk):
        raise Conflict("You have withdrawn, so there are no choices to change. You can join again.", "withdrawn")
    version = published_form(donor.programme_id)
    if version is None:
        raise Conflict(NOTHING_TO_SIGN)
    return donor, version


def _signed_choices(donor: Donor) -> dict[str, bool | None]:
    newest = donor.signatures.first()
    return dict(newest.choices) if newest is not None else {}


def _effect(donor: Donor, after: tuple[list[str], list[str]]) -> dict[str, Any]:
    before = consent_sentences(donor.pk)
    return {
        "before": before,
        "can": after[0],
        "cannot": after[1],
        "no_longer": [phrase for phrase in before[0] if phrase not in after[0]],
        "newly": [phrase for phrase in after[0] if phrase not in before[0]],
        "same": before == after,
    }


def _foreseen(donor: Donor, content: FormContent, chosen: Mapping[str, bool | None]) -> dict[str, list[str]]:
    """What the change would do to collections, projects and training, from the rows as they are now."""
    effects = foresee(donor.pk, Change(CHOICES, preview_terms(content.choices, chosen)))
    return {
        "finals": [effect.text for effect in effects if effect.is_final],
        "others": [effect.text for effect in effects if not effect.is_final],
    }


def _gift(donor: Donor, user: Any) -> dict[str, Any]:
    can, cannot = consent_sentences(donor.pk)
    mine, receipts = withdrawals_of(user).filter(donor=donor), list(signatures_of(user).filter(donor=donor))
    consent = current(donor.pk)
    return {
        "donor": donor,
        "active": may_donate(donor.pk),
        "form": published_form(donor.programme_id),
        "can": can,
        "cannot": cannot,
        "events": _events(donor, mine),
        "receipts": receipts,
        "logged": seen(entries_of(donor), receipts[len(receipts) - 1].signed_at if receipts else None),
        "renewal": renewal_of(donor.pk),
        "news": news_since(consent) if consent is not None and consent.state == ConsentState.ACTIVE else [],
        "rests": why_rests(consent) if consent is not None else "",
        "check": check_of(donor.pk),
        "withdrawal": mine.filter(kind__in=LEAVING).first(),
        "quiet": consent is not None and consent.no_contact_since,
        "nothing_new": consent is not None and consent.nothing_new_since,
    }


def _events(donor: Donor, withdrawals: Iterable[Withdrawal]) -> list[dict[str, Any]]:
    """What was signed, changed, limited and taken back, in the order in which it happened."""
    lines: list[dict[str, Any]] = [
        {"label": _words(event), "at": event.effective_at} for event in history(donor.pk).select_related("signature")
    ]
    lines += [
        {"label": LIMIT_WORDS[each.kind], "at": each.effective_at} for each in withdrawals if each.kind in LIMIT_WORDS
    ]
    return sorted(lines, key=lambda line: line["at"])


def _words(event: ConsentEvent) -> str:
    if event.signature is not None and event.signature.meaning == RENEWAL:
        return str(_("You signed the changed form"))
    return str(EVENT_WORDS[event.kind])
