"""What the committee sees of a request, the agreement to sign, and ending a grant."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from consent.queries import kept_said
from consent.rules.verdicts import Matter
from consent.rules.vocabulary import named
from core.accounts.permissions import require
from core.accounts.queries import holds
from core.accounts.roles import Role
from core.canonical import sha256_hex
from core.errors import Conflict, Invalid
from core.spoken import said
from core.web.reader import reader
from registry import actions, queries
from registry.actions.grants import REVOKED_WORDS, agreement_of
from registry.models import AccessRequest, Grant, Vote
from registry.rules.counts import SMALL, tens
from registry.rules.lifecycle import GrantState, RequestState, VersionState
from registry.rules.votes import NEEDED
from registry.web.forms import take_errors
from registry.web.request_forms import RevokeForm, SignForm, VoteForm

CODE_WORDS = {
    "WITHDRAWN": gettext_noop("They have withdrawn"),
    "RENEWAL": gettext_noop("They have not signed the changed form in time"),
    "CHECK": gettext_noop("Their identity is not checked as the programme wants it"),
    "NO_TERMS": gettext_noop("No consent is in force"),
    "PURPOSE": gettext_noop("No purpose is named"),
    "SENSITIVE": gettext_noop("The purpose is sensitive, and nobody has found it covered"),
    "RS": gettext_noop("Their consent has a limit in words, which nobody has found met"),
    "HMB": gettext_noop("They allow health research only"),
    "DS": gettext_noop("They allow research into certain diseases only"),
    "NPUNCU": gettext_noop("They allow no company and no commercial use"),
    "NMDS": gettext_noop("They allow no development of methods"),
    "NTRAIN": gettext_noop("They do not allow models to be trained"),
    "NWEIGHTS": gettext_noop("They do not allow trained models to be given to others"),
    "NCM": gettext_noop("They do not allow trained models to be sold"),
    "POA": gettext_noop("They allow research into ancestry only"),
    "NPOA": gettext_noop("They allow no research into ancestry"),
    "GSO": gettext_noop("They allow genetic studies only"),
    "CC": gettext_noop("They allow no use in the care of patients"),
    "NPU": gettext_noop("They allow no company"),
    "NCU": gettext_noop("They allow no commercial use"),
    "GS": gettext_noop("They allow certain countries only"),
    "US": gettext_noop("They allow certain users only"),
    "IS": gettext_noop("They allow certain institutions only"),
    "PS": gettext_noop("They allow certain projects only"),
    "MOR": gettext_noop("They want results to be published later"),
    "TS": gettext_noop("The time of their consent is over"),
}


def vote_context(request: HttpRequest, found: AccessRequest, form: VoteForm | None = None) -> dict[str, Any]:
    """What committee members see besides: why donors are left out, the votes so far, and the form if they may vote.

    `form` is the one that they posted, where something in it was amiss.
    """
    is_member = holds(request.user, found.programme_id, Role.COMMITTEE, Role.STEWARD, Role.AUDITOR)
    may_vote = queries.requests_to_decide(request.user).filter(pk=found.pk).exists()
    own = found.researcher_id == request.user.pk
    left_out = queries.exclusions(found.version, queries.asked_in(found)) if is_member else Counter[str]()
    matters = queries.matters_of(found) if is_member and found.state == RequestState.SUBMITTED else {}
    return {
        "matters": [(replace(each, sentence=kept_said(each.sentence)), told) for each, told in matters.items()],
        "decided": [(kept_said(each.sentence), each.covered) for each in found.matters.all()],
        "exclusions": _bars(left_out, queries.counts_exactly(request.user)(found.version)),
        "few_left_out": is_member and left_out.total() < SMALL,
        "votes": _votes(found, matters) if is_member or found.decided_at else [],
        "needed": NEEDED,
        "vote_form": (form or VoteForm(matters=matters)) if may_vote else None,
        "conflict": own and holds(request.user, found.programme_id, Role.COMMITTEE),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The agreement: its text, and the signature under it."""
    found = get_object_or_404(queries.grants_visible(request.user), pk=pk)
    text = agreement_of(found)
    form = SignForm(request.POST or None, initial={"shown": sha256_hex(text)})
    if request.method == "POST" and form.is_valid() and _signed(request, found, form):
        return redirect("registry:grant", pk)
    return render(request, "registry/grant.html", {"agreement": text, **_grant_context(request, found, form)})


def _signed(request: HttpRequest, found: Grant, form: SignForm) -> bool:
    """Whether all is said about signing; False where the form shows what is amiss."""
    try:
        actions.sign_agreement(grant=found, by=reader(request), **form.cleaned_data)
    except Invalid as refusal:
        take_errors(form, refusal.fields, refusal.sentence)
        return False
    except Conflict as refusal:
        if refusal.code != "shown":
            raise
        messages.warning(request, said(refusal.sentence))
        return True
    waits = queries.refusal_of(request.user, found)
    next_step = said(waits.sentence) if waits else _("You can submit a training job now.")
    messages.success(request, _("You have signed. %(next)s") % {"next": next_step})
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks why a grant ends, and ends it."""
    found = get_object_or_404(queries.grants_visible(request.user), pk=pk)
    require(reader(request), found.programme_id, Role.STEWARD, Role.COMMITTEE)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.revoke_grant(grant=found, reason=form.cleaned_data["reason"], by=reader(request))
        messages.success(request, _("The access has ended."))
        return redirect("registry:grant", pk)
    context = {
        "title": _("End this access?"),
        "text": found.request.title,
        "consequences": [
            _("The researcher can use the images no more, from now on."),
            _("The researcher is told why."),
        ],
        "confirm_label": _("End this access"),
        "cancel_href": reverse("registry:grant", args=[pk]),
        "form": form,
        "warning": True,
    }
    return render(request, "design/confirm.html", context)


def _grant_context(request: HttpRequest, found: Grant, form: SignForm) -> dict[str, Any]:
    own = found.researcher_id == request.user.pk
    open_version, owed = found.version.state == VersionState.FROZEN, queries.owed_answer(found)
    refusal = queries.refusal_of(request.user, found) if own else None
    ended = found.state in (GrantState.REVOKED, GrantState.EXPIRED)
    return {
        "grant": found,
        "ends": queries.ends_of(found) if not ended else [],
        "form": form if own and found.state == GrantState.OFFERED and open_version else None,
        "may_use": own and refusal is None,
        "evidence": [(each, kept_said(each.sentence)) for each in found.evidence.all()],
        "waits_for": refusal.sentence if refusal and refusal.code == "evidence" else "",
        "owed": owed if own and not ended else None,
        "may_revoke": not ended and holds(request.user, found.programme_id, Role.STEWARD, Role.COMMITTEE),
        "closed": not open_version,
        "recalls": queries.notices_to_answer(request.user).filter(grant=found),
        "revoked_words": REVOKED_WORDS.get(found.revoked_reason, ""),
    }


def _votes(found: AccessRequest, matters: Iterable[Matter]) -> list[tuple[Vote, list[str]]]:
    """Each vote with the sentences of what the member finds covered."""
    words = {each.key: kept_said(each.sentence) for each in matters}
    words |= {each.matter: kept_said(each.sentence) for each in found.matters.all()}
    return [(vote, [words[key] for key in vote.covers if key in words]) for vote in found.votes.order_by("pk")]


def _bars(left_out: Counter[str], is_exact: bool) -> list[tuple[str, int]]:
    """(reason, donors) for the bar chart, in tens unless exact; reasons with few donors are put together."""
    bars = [(_code(code), number) for code, number in left_out.most_common() if number >= SMALL]
    small = sum(number for number in left_out.values() if number < SMALL)
    bars += [(_("Other reasons, each of few donors"), small)] if small >= SMALL else []
    return [(reason, number if is_exact else tens(number)) for reason, number in bars]


def _code(code: str) -> str:
    return _(CODE_WORDS[code]) if code in CODE_WORDS else capfirst(named(code))
