"""A donor downloads everything that they gave and signed: what is in it, the password again, and the file.

Files as they were sent lie where no web process reads: a worker makes copies of them first, and the page says how far.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from consent.queries import donors_of
from consent.web.papers import papers_of
from consent.web.signature import is_proved
from core.design.formats import grouped, size
from core.design.forms import PasswordAgain
from core.errors import Missing
from core.texts import gettext_noop
from core.web.pace import keep_pace
from core.web.reader import reader
from core.web.sending import attachment
from portal.web.taken import COPIES, Everything
from registry.actions import ask_for_copies, take_copies
from registry.queries import amount_back, takeout_facts, uncopied
from registry.rules.giving_back import KEPT, Copy

#: Seconds after which a browser asks again how far the copies are, by itself and without JavaScript.
AGAIN = 10
TOO_MANY = gettext_noop("That was too many at once. Wait an hour, then try again.")


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
    """The page, and on posting the ZIP, or copies are made first; for the donor alone, also when they have left."""
    user = reader(request)
    donor = donors_of(user).select_related("programme").filter(pk=pk).first()
    if donor is None:
        raise Missing("There is no such donor here.")
    data = request.POST if request.method == "POST" else None
    amounts = amount_back(donor.pk)
    there = [copy.value for copy in Copy if amounts[copy][0]]
    form = EverythingForm(amounts, data, initial={"copies": there})
    if form.is_bound and is_proved(request, form):
        keep_pace(request, "take_everything", user, sentence=TOO_MANY)
        chosen = {Copy(value) for value in form.cleaned_data["copies"]}
        if Copy.SENT in chosen and uncopied(donor.pk).exists():
            ask_for_copies(donor_id=donor.pk, by=user)
            return redirect("portal:everything", pk=donor.pk)
        taken = take_copies(donor_id=donor.pk, copies=chosen, by=user)
        made = Everything(donor, papers_of(user, donor), taken, chosen)
        name = f"donara-{donor.programme.slug}-{donor.pk}.zip"
        return attachment(request, made.pieces(), name=name, media_type="application/zip")
    return _page(request, form, donor)


def _page(request: HttpRequest, form: EverythingForm, donor: Any) -> HttpResponse:
    """The form, with until when copies are there; or how far they are, which the browser asks again by itself."""
    copies = takeout_facts(donor.pk)
    is_first = uncopied(donor.pk).exists()
    context = {"form": form, "donor": donor, "copies": copies, "days": KEPT.days, "is_first": is_first}
    answer = render(request, "portal/everything.html", context)
    if copies and copies.until is None:
        answer.headers["Refresh"] = str(AGAIN)
    return answer


def _amount(files: int, octets: int) -> str:
    if not files:
        return str(_("There are none here now."))
    said = ngettext("%(n)s file, %(size)s", "%(n)s files, %(size)s", files)
    return said % {"n": grouped(files), "size": size(octets)}
