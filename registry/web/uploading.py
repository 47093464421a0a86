"""Takes uploaded files: from the plain form (an answer page) or one by one from a program (an answer in JSON)."""

from collections import Counter
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from core.errors import Refused, Unavailable
from core.spoken import said
from core.web.pace import keep_pace
from core.web.reader import reader
from registry import actions, queries
from registry.actions import FileAnswer
from registry.models import Donation
from registry.web.words import upload_summary

FIELDS = ("images", "folder")
HEADERS = 1 << 20  # what a form of many files has besides the files
SIGN_IN = _("You were signed out. Sign in again, then go on.")
TOO_LARGE = _("This is more than we can take at once. Send it in several parts.")

#: Some of it may have come in: the page on which this is said counts what did.
NOT_ALL = _("Not all of it came in. {why} Then choose the same files once more: nothing is taken twice.")


@csrf_exempt  # only so that the size is looked at before anything is read; `_files` checks the token as always
@require_POST
def files(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Adds the posted files to an open donation."""
    if is_too_large(request):
        return _refused(request, str(TOO_LARGE), 413)
    return _files(request, pk)


@csrf_protect
def _files(request: HttpRequest, pk: UUID) -> HttpResponse:
    if not request.user.is_authenticated:
        return _refused(request, str(SIGN_IN), 401) if _wants_json(request) else redirect_to_login(request.path)
    donation = get_object_or_404(queries.donations_of(request.user), pk=pk)
    try:
        keep_pace(request, "upload_parts", reader(request))
    except Refused as refused:
        return _refused(request, said(refused.sentence), int(refused.status))
    sent = sent_files(request)
    if _wants_json(request):
        try:
            return JsonResponse(
                {"answers": [_plain(answer) for file in sent for answer in _add(request, donation, file)]}
            )
        except Refused as refused:
            return _refused(request, said(refused.sentence), int(refused.status))
    if not sent:
        messages.error(request, _("Choose at least one file first."))
        return redirect("registry:donation", pk)
    answers: list[FileAnswer] = []
    try:
        for file in sent:
            answers += _add(request, donation, file)
    except Unavailable as away:
        messages.error(request, str(NOT_ALL).format(why=said(away.sentence)))
    for level, sentence in upload_summary(Counter((a.outcome.value, a.sentence) for a in answers)):
        messages.add_message(request, level, sentence)
    return redirect("registry:donation", pk)


def is_too_large(request: HttpRequest) -> bool:
    """Whether a form of files says that it is larger than one may be; nothing is read of it."""
    return int(request.headers.get("Content-Length") or 0) > settings.UPLOAD_ARCHIVE_BYTES + HEADERS


def sent_files(request: HttpRequest) -> list[UploadedFile]:
    """The files of a form (FilesForm), in the order of its fields."""
    return [file for field in FIELDS for file in request.FILES.getlist(field)]


def _add(request: HttpRequest, donation: Donation, file: UploadedFile) -> list[FileAnswer]:
    stream = cast(BinaryIO, file.file)  # an upload handler's file, on disk or in memory: both can be read and sought
    return actions.add_upload(donation=donation, stream=stream, by=reader(request), name=str(file.name or ""))


def _plain(answer: FileAnswer) -> dict[str, str]:
    return {"outcome": answer.outcome.value, "sentence": gettext(answer.sentence)}


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _refused(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"title": sentence}, status=status)
    return render(request, "413.html", {"message": sentence}, status=status)
