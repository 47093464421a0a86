"""What signing asks on top of a form: that it is still the same person, and the same text that they looked at."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from consent.web.forms import SignForm
from core.web.pace import has_room
from core.web.reader import reader

CHANGED = _("What you were about to sign has changed, perhaps in another window. Please look at it again.")


def is_proved(request: HttpRequest, form: forms.Form) -> bool:
    """Whether the form is complete and the password is the reader's; otherwise the form says what to do."""
    if not form.is_valid():
        return False
    user = reader(request)
    if not has_room(request, "reauthenticate", user):
        form.add_error("password", _("That was too many tries. Wait a minute, then try again."))
    elif not user.check_password(form.cleaned_data["password"]):
        form.add_error("password", _("This is not your password. Please try again."))
    return not form.errors


def is_what_was_shown(request: HttpRequest, form: SignForm, expected: str) -> bool:
    """Whether the page showed what is about to be signed; otherwise a message says to look again."""
    if form.cleaned_data["shown"] == expected:
        return True
    messages.warning(request, CHANGED)
    return False
