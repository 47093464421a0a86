"""Stewards' pages about a programme: whom donors may ask, what is asked of them, and checks made in person."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consent import actions
from consent.queries import waiting_for_check
from consent.rules.renewal import LEAST_DAYS, MOST_DAYS
from consent.web.forms import add_refusal
from consent.web.words import CHECK_WORDS
from core.accounts.checks import BY_STAFF, IdentityCheck
from core.accounts.models import Programme
from core.accounts.queries import programmes
from core.accounts.roles import Role
from core.errors import Invalid, Missing, NotAllowed
from core.spoken import said
from core.web.reader import reader


class ProgrammeForm(forms.ModelForm):
    """What stewards decide for their programme."""

    class Meta:
        model = Programme
        fields = (
            "contact_name",
            "contact_phone",
            "contact_hours",
            "contact_email",
            "renewal_days",
            "minimum_check",
        )
        labels = {
            "contact_name": _("A person to ask"),
            "contact_phone": _("Telephone"),
            "contact_hours": _("When somebody answers the telephone"),
            "contact_email": _("E-mail address"),
            "renewal_days": _("Days to sign again, at least"),
            "minimum_check": _("How must it be checked who a donor is?"),
        }
        help_texts = {
            "contact_hours": _("In words, for example: Monday to Friday, 9 am to 4 pm."),
            "renewal_days": _("After a form has changed in what it means."),
            "minimum_check": _("Who is checked less can sign, but nothing is done with what they gave until then."),
        }
        widgets = {"minimum_check": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days, check = self.fields["renewal_days"], self.fields["minimum_check"]
        days.min_value, days.max_value = LEAST_DAYS, MOST_DAYS  # type: ignore[attr-defined]  # an IntegerField's
        check.choices = [(each.value, CHECK_WORDS[each]) for each in IdentityCheck]  # type: ignore[attr-defined]  # as above


class CheckForm(forms.Form):
    """A donor who stands in front of the steward: the number on their receipt, and how it was checked who they are."""

    receipt = forms.UUIDField(
        label=_("Receipt number"),
        help_text=_("It stands on the donor's receipt, beside their name."),
        error_messages={"invalid": _("This is not a receipt number. Type it as it stands on the receipt.")},
    )
    check = forms.ChoiceField(
        label=_("How did you check who it is?"),
        choices=[(each.value, CHECK_WORDS[each]) for each in BY_STAFF],
        widget=forms.RadioSelect,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One programme's settings."""
    found = programmes(reader(request), Role.STEWARD).filter(pk=pk).first()
    if found is None:
        raise Missing("There is no such programme here.")
    form = ProgrammeForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        try:
            actions.set_programme(programme=found, by=reader(request), **form.cleaned_data)
            messages.success(request, _("This holds from now on."))
            return redirect("consent:programme", pk=found.pk)
        except Invalid as refusal:
            add_refusal(form, refusal)
    name = Programme.objects.values_list("name", flat=True).get(pk=found.pk)
    context = {
        "form": form,
        "name": name,
        "pk": found.pk,
        "below": waiting_for_check(Programme.objects.get(pk=found.pk)),
    }
    return render(request, "consent/programme.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Records that a donor was checked in person. It shows no name: the receipt in the donor's hand does."""
    mine = programmes(reader(request), Role.STEWARD)
    if not mine.exists():
        raise Missing("There is nothing here for you.")
    form = CheckForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.record_check(receipt=typed["receipt"], check=IdentityCheck(typed["check"]), by=reader(request))
            messages.success(request, _("The check is on record."))
            return redirect("consent:check")
        except (Missing, NotAllowed) as refusal:
            form.add_error("receipt", said(refusal.sentence))
    waiting = [(each, waiting_for_check(each)) for each in mine]
    return render(request, "consent/check.html", {"form": form, "waiting": waiting})
