"""Withdrawing in as few clicks as giving, and the page that shows each step that follows."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from consent import actions
from consent.models import Donor, Withdrawal, WithdrawalStep
from consent.queries import (
    certificate_of,
    current,
    donors_of,
    entries_of_withdrawal,
    log_proofs,
    may_contact,
    may_donate,
    withdrawal_key,
    withdrawals_of,
    withdrawals_opened,
    withdrawals_watched,
)
from consent.rules.effects import Change, foresee
from consent.rules.lifecycle import ConsentState, WithdrawalState
from consent.rules.withdrawing import ALSO_AFTERWARDS, LEAVING, LIMITING, WithdrawalKind
from consent.web.logged import numbers, seen
from consent.web.proofs import events
from core.accounts.models import User
from core.errors import Conflict, Missing
from core.web.reader import reader

#: What is chosen from, the least first. `narrower` leads to the choices, which are signed.
NARROWER = "narrower"
KIND_WORDS = {
    "no_contact": _("Do not write to me any more"),
    "nothing_new": _("Do nothing new with my scans"),
    "no_further_use": _("Stop, and delete my scans"),
    "erase": _("Stop, and delete my scans and my account"),
}
OPTIONS = [
    ("no_contact", KIND_WORDS["no_contact"]),
    ("nothing_new", KIND_WORDS["nothing_new"]),
    (NARROWER, _("Allow fewer things than now")),
    ("no_further_use", KIND_WORDS["no_further_use"]),
    ("erase", KIND_WORDS["erase"]),
]
KIND_HINTS = {
    "no_contact": _("No e-mails and no news from us. Research with your scans goes on."),
    "nothing_new": _("You give nothing more, and no new research begins with your scans. What runs now goes on."),
    NARROWER: _("You choose again what your scans may be used for."),
    "no_further_use": _(
        "Nobody uses your scans any more, and we delete them. You keep your account and your receipts."
    ),
    "erase": _("The same, and we also take away your name, your birth date and your account."),
}
#: htmx stops asking when it is answered with this status.
STOP_POLLING = 286


class WithdrawForm(forms.Form):
    """Which gift (asked only where there are several), and how far."""

    donor = forms.ModelChoiceField(queryset=Donor.objects.none(), label=_("Which programme?"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("What would you like?"), choices=OPTIONS, widget=forms.RadioSelect)

    def __init__(self, donors: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        which, kind = self.fields["donor"], self.fields["kind"]
        which.queryset = donors  # type: ignore[attr-defined]  # a ModelChoiceField's
        which.label_from_instance = lambda donor: donor.programme.name  # type: ignore[attr-defined]  # as above
        which.empty_label = None  # type: ignore[attr-defined]  # as above
        kind.widget.choice_hints = KIND_HINTS
        kind.error_messages["required"] = _("Choose one of these.")
        which.error_messages["required"] = _("Choose the programme that you want to leave.")
        if len(donors) == 1:
            which.widget, which.initial = forms.HiddenInput(), donors[0].pk


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """What cannot be undone first, then five ways, from the least to the most; no reason is asked."""
    donors = donors_of(reader(request)).filter(consent__state=ConsentState.ACTIVE).select_related("programme")
    past = withdrawals_of(reader(request)).filter(kind__in=LEAVING).first()
    if not donors:
        context = {
            "past": past,
            "may_erase": past is not None and past.kind != WithdrawalKind.ERASE,
            "may_be_quiet": past is not None and may_contact(past.donor_id),
        }
        return render(request, "consent/nothing_to_withdraw.html", context)
    form = WithdrawForm(donors, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        donor, kind = form.cleaned_data["donor"], form.cleaned_data["kind"]
        if kind == NARROWER:
            return redirect("consent:change", pk=donor.pk)
        return redirect("consent:confirm_withdrawal", pk=donor.pk, kind=kind)
    finals = [(donor, _finals(donor)) for donor in donors]
    return render(request, "consent/withdraw.html", {"form": form, "finals": finals, "several": len(finals) > 1})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_withdrawal(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """One page to say yes, with what it would do; posting it twice leads to the same withdrawal."""
    user = reader(request)
    donor = donors_of(user).select_related("programme").filter(pk=pk).first()
    if donor is None or kind not in KIND_WORDS:
        raise Missing("There is nothing to withdraw here.")
    if made := _made(user, donor, kind):
        return _to(made)
    if request.method != "POST":
        effects = foresee(donor.pk, Change(kind))
        context = {
            "donor": donor,
            "kind": kind,
            "words": KIND_WORDS[kind],
            "finals": [effect.text for effect in effects if effect.is_final],
            "others": [effect.text for effect in effects if not effect.is_final],
        }
        return render(request, "consent/confirm_withdrawal.html", context)
    try:
        return _to(actions.withdraw(donor=donor, kind=kind, by=user))
    except Conflict:
        if made := _made(user, donor, kind):
            return _to(made)
        raise


def _finals(donor: Donor) -> list[str]:
    """What could not be undone if the donor left now."""
    effects = foresee(donor.pk, Change(WithdrawalKind.NO_FURTHER_USE))
    return [effect.text for effect in effects if effect.is_final]


def _made(user: User, donor: Donor, kind: str) -> Withdrawal | None:
    """The withdrawal that this one would repeat: of its kind, or one that ended the consent, if it goes no further."""
    mine = withdrawals_of(user).filter(donor=donor)
    if kind in ALSO_AFTERWARDS or (kind in LIMITING and may_donate(donor.pk)):
        in_force = current(donor.pk)
        holds = in_force is not None and getattr(in_force, LIMITING[WithdrawalKind(kind)]) is not None
        return mine.filter(kind=kind).first() if holds else None
    left = mine.filter(kind__in=LEAVING)
    return left.filter(kind=WithdrawalKind.ERASE).first() or (left.first() if kind != WithdrawalKind.ERASE else None)


@require_safe
def withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each step with its time, its state and its proof; the page asks again by itself while steps are open."""
    found, role = find_withdrawal(request, pk)
    if found is None:
        if isinstance(request.user, User):
            raise Missing("There is no such withdrawal here.")
        return redirect_to_login(request.get_full_path())
    steps, entries = list(found.steps.all()), entries_of_withdrawal(found)
    if request.GET.get("format") == "json" and role == "donor":
        return as_record(found, steps, log_proofs(entries))
    is_open = found.state == WithdrawalState.UNDER_WAY
    context = {
        "withdrawal": found,
        "words": KIND_WORDS[found.kind],
        "steps": steps,
        "events": events(steps),
        "done": sum(step.state == "done" for step in steps),
        "open": is_open,
        "role": role,
        "key": withdrawal_key(found.pk) if role == "donor" and found.kind == "erase" else "",
        "leaves": found.kind in LEAVING,
        "certified": certificate_of(found) is not None,
        "query": f"?key={request.GET['key']}" if request.GET.get("key") else "",
    }
    if request.headers.get("HX-Request"):
        status = 200 if is_open else STOP_POLLING
        return render(request, "consent/_steps.html", context, status=status)
    if role == "donor":
        context |= {"logged": seen(entries, found.effective_at), "log_numbers": numbers(log_proofs(entries))}
    return render(request, "consent/withdrawal.html", context)


def as_record(found: Withdrawal, steps: list[WithdrawalStep], log: dict[str, Any] | None) -> JsonResponse:
    """The withdrawal as it stands, for programs: each step, and its entries in the public log; it holds no name."""
    certified = certificate_of(found)
    body: dict[str, Any] = {
        "type": "withdrawal record",
        "id": str(found.pk),
        "donor": str(found.donor_id),
        "programme": found.donor.programme.slug,
        "kind": found.kind,
        "state": found.state,
        "effective_at": found.effective_at.isoformat(),
        "completed_at": found.completed_at.isoformat() if found.completed_at else None,
        "steps": [
            {
                "duty": step.duty,
                "title": step.title,
                "state": step.state,
                "done_at": step.done_at.isoformat() if step.done_at else None,
                "proof": step.proof,
            }
            for step in steps
        ],
        "certificate": certified["certificate"] if certified else None,
        "log": log,
        "how_to_check": "Get verify.py from the registry's page /log/, then: python verify.py withdrawal.json",
    }
    answer = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer.headers["Content-Disposition"] = f'attachment; filename="withdrawal-{found.pk}.json"'
    return answer


def find_withdrawal(request: HttpRequest, pk: UUID) -> tuple[Withdrawal | None, str]:
    """The withdrawal as the reader may see it: their own, by its key, or watched over."""
    if found := withdrawals_of(request.user).filter(pk=pk).first():
        return found, "donor"
    if found := withdrawals_opened(pk, request.GET.get("key", "")).first():
        return found, "donor"
    return withdrawals_watched(request.user).filter(pk=pk).first(), "staff"


def _to(found: Withdrawal) -> HttpResponseRedirect:
    """Where the withdrawal is watched; with its key where the account will be gone."""
    address = reverse("consent:withdrawal", args=[found.pk])
    return HttpResponseRedirect(f"{address}?key={withdrawal_key(found.pk)}" if found.kind == "erase" else address)
