"""Takes uploaded files: from the plain form (an answer page) or one by one from a program (an answer in JSON)."""

from collections import Counter
from collections.abc import Callable
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from core.errors import TooMuch, Unavailable
from core.spoken import said
from core.web.api import PROBLEM, problem
from core.web.bodies import TOO_LARGE
from core.web.errors import wants_problem
from core.web.pace import keep_pace
from core.web.reader import reader
from registry import actions, queries
from registry.actions import FileAnswer
from registry.models import Donation
from registry.web.words import upload_summary

FIELDS = ("images", "folder")
HEADERS = 1 << 20  # what a form of many files has besides the files
SIGN_IN = _("You were signed out. Sign in again, then go on.")

#: Some of it may have come in: the page on which this is said counts what did.
NOT_ALL = _("Not all of it came in. {why} Then choose the same files once more: nothing is taken twice.")


@csrf_exempt  # only so that the size is looked at before anything is read; `_files` checks the token as always
@require_POST
def files(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Adds the posted files to an open donation."""
    require_size(request)
    return _files(request, pk)


@csrf_protect
def _files(request: HttpRequest, pk: UUID) -> HttpResponse:
    if not request.user.is_authenticated:
        if _wants_json(request):
            return JsonResponse(problem(str(SIGN_IN), 401, "not_signed_in"), status=401, content_type=PROBLEM)
        return redirect_to_login(request.path)
    donation = get_object_or_404(queries.donations_of(request.user), pk=pk)
    keep_pace(request, "upload_parts", reader(request))
    sent = sent_files(request)
    if _wants_json(request):
        return JsonResponse({"answers": [_plain(answer) for file in sent for answer in _add(request, donation, file)]})
    take_files(request, sent, lambda file: _add(request, donation, file))
    return redirect("registry:donation", pk)


def take_files(request: HttpRequest, sent: list[UploadedFile], add: Callable[[UploadedFile], list[FileAnswer]]) -> None:
    """Adds the files of a form, and has the next page say what became of them, also of those before the store left."""
    if not sent:
        messages.error(request, _("Choose at least one file first."))
    answers: list[FileAnswer] = []
    try:
        for file in sent:
            answers += add(file)
    except Unavailable as away:
        messages.error(request, str(NOT_ALL).format(why=said(away.sentence)))
    for level, sentence in upload_summary(Counter((a.outcome.value, a.sentence) for a in answers)):
        messages.add_message(request, level, sentence)


def require_size(request: HttpRequest) -> None:
    """Raises TooMuch where a form of files says that it is larger than one may be; nothing is read of it."""
    if int(request.headers.get("Content-Length") or 0) > settings.UPLOAD_ARCHIVE_BYTES + HEADERS:
        raise TooMuch(TOO_LARGE, "too_large")


def sent_files(request: HttpRequest) -> list[UploadedFile]:
    """The files of a form (FilesForm), in the order of its fields."""
    return [file for field in FIELDS for file in request.FILES.getlist(field)]


def _add(request: HttpRequest, donation: Donation, file: UploadedFile) -> list[FileAnswer]:
    stream = cast(BinaryIO, file.file)  # an upload handler's file, on disk or in memory: both can be read and sought
    return actions.add_upload(donation=donation, stream=stream, by=reader(request), name=str(file.name or ""))


def _plain(answer: FileAnswer) -> dict[str, str]:
    return {"outcome": answer.outcome.value, "sentence": said(answer.sentence)}


def _wants_json(request: HttpRequest) -> bool:
    return wants_problem(request.path, request.headers.get("Accept", ""))
