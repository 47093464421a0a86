"""Withdrawing in as few clicks as giving, and the page that shows each step that follows."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from consent import actions
from consent.models import Donor, Withdrawal, WithdrawalStep
from consent.queries import (
    donors_of,
    entries_of_withdrawal,
    log_proofs,
    withdrawal_key,
    withdrawals_of,
    withdrawals_opened,
    withdrawals_watched,
)
from consent.rules.lifecycle import ConsentState, WithdrawalState
from consent.web.logged import numbers, seen
from consent.web.proofs import events
from core.accounts.models import User
from core.errors import Conflict, Missing
from core.web.reader import reader

KIND_WORDS = {"no_further_use": "Stop, and delete my scans", "erase": "Stop, and delete my scans and my account"}
KIND_HINTS = {
    "no_further_use": "Nobody uses your scans any more, and we delete them. You keep your account and your receipts.",
    "erase": "The same, and we also delete your name, your birth date and your account. You cannot sign in afterwards.",
}
#: htmx stops asking when it is answered with this status.
STOP_POLLING = 286


class WithdrawForm(forms.Form):
    """Which gift (asked only where there are several), and how far."""

    donor = forms.ModelChoiceField(queryset=Donor.objects.none(), label="Which programme?", widget=forms.RadioSelect)
    kind = forms.ChoiceField(label="What would you like?", choices=list(KIND_WORDS.items()), widget=forms.RadioSelect)

    def __init__(self, donors: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        which, kind = self.fields["donor"], self.fields["kind"]
        which.queryset = donors  # type: ignore[attr-defined]  # a ModelChoiceField's
        which.label_from_instance = lambda donor: donor.programme.name  # type: ignore[attr-defined]  # as above
        which.empty_label = None  # type: ignore[attr-defined]  # as above
        kind.widget.choice_hints = KIND_HINTS
        kind.error_messages["required"] = "Choose one of the two."
        which.error_messages["required"] = "Choose the programme that you want to leave."
        if len(donors) == 1:
            which.widget, which.initial = forms.HiddenInput(), donors[0].pk


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """What cannot be undone first, then two options."""
    donors = donors_of(reader(request)).filter(consent__state=ConsentState.ACTIVE).select_related("programme")
    past = withdrawals_of(reader(request))
    if not donors:
        return render(request, "consent/nothing_to_withdraw.html", {"past": past.first()})
    form = WithdrawForm(donors, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        donor = form.cleaned_data["donor"]
        return redirect("consent:confirm_withdrawal", pk=donor.pk, kind=form.cleaned_data["kind"])
    return render(request, "consent/withdraw.html", {"form": form, "past": past})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_withdrawal(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """One page to say yes; posting it twice leads to the same withdrawal."""
    user = reader(request)
    donor = donors_of(user).select_related("programme").filter(pk=pk).first()
    if donor is None or kind not in KIND_WORDS:
        raise Missing("There is nothing to withdraw here.")
    if made := withdrawals_of(user).filter(donor=donor).first():
        return _to(made)
    if request.method != "POST":
        context = {"donor": donor, "kind": kind, "words": KIND_WORDS[kind]}
        return render(request, "consent/confirm_withdrawal.html", context)
    try:
        return _to(actions.withdraw(donor=donor, kind=kind, by=user))
    except Conflict:
        if made := withdrawals_of(user).filter(donor=donor).first():
            return _to(made)
        raise


@require_safe
def withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each step with its time, its state and its proof; the page asks again by itself while steps are open."""
    found, role = _find(request, pk)
    if found is None:
        if isinstance(request.user, User):
            raise Missing("There is no such withdrawal here.")
        return redirect_to_login(request.get_full_path())
    steps, entries = list(found.steps.all()), entries_of_withdrawal(found)
    if request.GET.get("format") == "json" and role == "donor":
        return certificate(found, steps, log_proofs(entries))
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
    }
    if request.headers.get("HX-Request"):
        status = 200 if is_open else STOP_POLLING
        return render(request, "consent/_steps.html", context, status=status)
    if role == "donor":
        context |= {"logged": seen(entries, found.effective_at), "log_numbers": numbers(log_proofs(entries))}
    return render(request, "consent/withdrawal.html", context)


def certificate(found: Withdrawal, steps: list[WithdrawalStep], log: dict[str, Any] | None) -> JsonResponse:
    """The withdrawal for programs: each step with its proof, and its entries in the public log; it holds no name."""
    body: dict[str, Any] = {
        "type": "withdrawal certificate",
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
        "log": log,
        "how_to_check": "Get verify.py from the registry's page /log/, then: python verify.py withdrawal.json",
    }
    answer = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer.headers["Content-Disposition"] = f'attachment; filename="withdrawal-{found.pk}.json"'
    return answer


def _find(request: HttpRequest, pk: UUID) -> tuple[Withdrawal | None, str]:
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
