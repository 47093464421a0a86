"""The pages for a hospital that was asked by letter to send images: type the code, send, finish. No account is needed.

The code is typed and posted, so it stands in no address, no log and no Referer. A browser that typed it may use the
page of that one invitation for some hours; the page's address holds the invitation's id, which opens nothing by
itself, so that two codes typed in one browser never get each other's files.
"""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent import queries as consent
from core.errors import Gone, Invalid, Missing, TooMany
from core.spoken import said
from core.texts import gettext_noop
from core.web.pace import keep_pace
from registry import actions
from registry.actions import FileAnswer
from registry.models import Invitation
from registry.web.forms import FilesForm, take_errors
from registry.web.uploading import require_size, sent_files, take_files

#: Where a session notes which codes were typed in this browser: invitation's id -> when, and how much it took.
NOTED = "hospital"
#: For how many seconds a code need not be typed again: many share a computer there.
LASTS = 12 * 3600
MOST_NOTED = 20
TOO_MANY = gettext_noop("That was too many tries from here. Wait an hour, then try again.")
TYPE_AGAIN = _("Please type the code again.")

private = cache_control(private=True, no_store=True)


class CodeForm(forms.Form):
    """The code out of the letter."""

    code = forms.CharField(
        label=_("The code in the letter"),
        max_length=60,
        help_text=_("20 letters and digits. Capital or small letters and the lines between do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


@private
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Asks for the code, and leads to the page that it opens."""
    form = CodeForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            return _opened(request, form.cleaned_data["code"])
        except (Missing, Gone, Invalid, TooMany) as refused:
            take_errors(form, {"code": refused.sentence}, refused.sentence)
            status = int(refused.status) if isinstance(refused, TooMany) else 422
    return render(request, "registry/hospital_code.html", {"form": form}, status=status)


def _opened(request: HttpRequest, typed: str) -> HttpResponse:
    keep_pace(request, "hospital_code", sentence=TOO_MANY)
    found = actions.open_invitation(code=typed)
    if not request.user.is_authenticated:
        request.session.cycle_key()
        request.session.set_expiry(0)  # it goes when the browser is closed
    noted, now = _noted(request), int(timezone.now().timestamp())
    taken = noted.pop(str(found.pk), {"taken": 0})["taken"]
    noted[str(found.pk)] = {"at": now, "taken": taken}
    request.session[NOTED] = dict(list(noted.items())[-MOST_NOTED:])
    return redirect("registry:hospital_page", found.pk)


@private
@require_safe
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who asks, and where to add the files."""
    if str(pk) not in _noted(request):
        return _type_again(request)
    try:
        found = actions.open_now(pk)
    except Gone as over:
        return _over(request, over)
    taken = _noted(request)[str(pk)]["taken"]
    person = consent.identity_of(found.donation.donor_id)
    context = {
        "invitation": found,
        "initials": person.initials if person else "",
        "programme": found.donation.programme,
        "files_form": FilesForm(),
        "taken": taken,
        "has_sent": taken or found.files.exists(),
        "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    }
    return render(request, "registry/hospital.html", context)


@private
@csrf_exempt  # only so that size and code are looked at before anything is read; `_files` checks the token as always
@require_POST
def files(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Adds the posted files."""
    if str(pk) not in _noted(request):
        return _type_again(request)
    require_size(request)
    try:
        return _files(request, actions.open_now(pk))
    except Gone as over:
        return _over(request, over)


@csrf_protect
def _files(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    keep_pace(request, "hospital_files", key=str(invitation.pk))
    take_files(request, sent_files(request), lambda file: _add(request, invitation, file))
    return redirect("registry:hospital_page", invitation.pk)


def _add(request: HttpRequest, invitation: Invitation, file: UploadedFile) -> list[FileAnswer]:
    """Sends one file on, and notes at once how many were taken: what follows may be refused as a whole."""
    answers = actions.add_sent(invitation=invitation, stream=cast(Any, file.file))
    noted = request.session[NOTED]
    noted[str(invitation.pk)]["taken"] += sum(answer.outcome == "received" for answer in answers)
    request.session.modified = True
    return answers


@private
@require_POST
def finish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything was sent: the code takes nothing more, and this browser forgets it."""
    noted = _noted(request)
    if str(pk) not in noted:
        return _type_again(request)
    try:
        actions.finish_sending(invitation_id=pk, sent_before=noted[str(pk)]["taken"] > 0)
    except Invalid as refused:
        messages.error(request, said(refused.sentence))
        return redirect("registry:hospital_page", pk)
    except Gone as over:
        return _over(request, over)
    del noted[str(pk)]
    request.session[NOTED] = noted
    return redirect("registry:hospital_sent")


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Thanks, the same for everybody."""
    return render(request, "registry/hospital_sent.html")


def _noted(request: HttpRequest) -> dict[str, dict[str, int]]:
    """What was typed in this browser and is not too long ago."""
    since = timezone.now().timestamp() - LASTS
    return {key: told for key, told in request.session.get(NOTED, {}).items() if told["at"] >= since}


def _over(request: HttpRequest, over: Gone) -> HttpResponse:
    """What was sent before is safe, whatever of this request was not: the sentence says so where the code is typed."""
    messages.warning(request, said(over.sentence))
    return redirect("registry:hospital")


def _type_again(request: HttpRequest) -> HttpResponse:
    """The same answer for an id that nothing has, for another's, and for a code that was typed too long ago."""
    messages.info(request, TYPE_AGAIN)
    return redirect("registry:hospital")
