"""A donor downloads everything that they gave and signed: what is in it, the password again, and the file."""

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from consent.queries import donors_of
from consent.web.papers import papers_of
from consent.web.signature import is_proved
from core.design.formats import grouped, size
from core.design.forms import PasswordAgain
from core.errors import Missing, Unavailable
from core.web.reader import reader
from core.web.sending import attachment
from portal.web.taken import COPIES, Everything
from registry.actions import take_copies
from registry.queries import amount_back
from registry.rules.giving_back import Copy


class EverythingForm(forms.Form):
    """Which copies of the files, and the password again: whoever finds an open computer gets nothing."""

    copies = forms.MultipleChoiceField(
        label=_("Which files do you want with it?"),
        help_text=_("Your receipts and choices are in it in any case."),
        choices=[(copy.value, words) for copy, words in COPIES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    password = PasswordAgain()

    def __init__(self, amounts: dict[Copy, tuple[int, int]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {copy.value: _amount(*amounts[copy]) for copy in Copy}
        self.fields["copies"].widget.choice_hints = hints


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The page, and on posting the ZIP; for the donor alone, also when they have left."""
    user = reader(request)
    donor = donors_of(user).select_related("programme").filter(pk=pk).first()
    if donor is None:
        raise Missing("There is no such donor here.")
    data = request.POST if request.method == "POST" else None
    amounts = amount_back(donor.pk)
    there = [copy.value for copy in Copy if amounts[copy][0]]
    form = EverythingForm(amounts, data, initial={"copies": there})
    if form.is_bound and is_proved(request, form):
        if not ratelimit.consume(request, action="take_everything", user=user):
            raise Unavailable("That was too many at once. Wait an hour, then try again.", "busy")
        chosen = {Copy(value) for value in form.cleaned_data["copies"]}
        taken = take_copies(donor_id=donor.pk, copies=chosen, by=user)
        made = Everything(donor, papers_of(user, donor), taken, chosen)
        name = f"donara-{donor.programme.slug}-{donor.pk}.zip"
        return attachment(request, made.pieces(), name=name, media_type="application/zip")
    return render(request, "portal/everything.html", {"form": form, "donor": donor})


def _amount(files: int, octets: int) -> str:
    if not files:
        return str(_("There are none here now."))
    said = ngettext("%(n)s file, %(size)s", "%(n)s files, %(size)s", files)
    return said % {"n": grouped(files), "size": size(octets)}
