"""Takes files in parts from the upload page's script, for who is signed in: the manifest, tus 1.0.0, completion."""

import json
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from core.accounts.models import User
from core.errors import Invalid, Missing, Refused
from core.spoken import said
from core.web import tus
from core.web.api import PROBLEM, problem
from core.web.pace import keep_pace
from core.web.reader import reader
from registry import actions, queries
from registry.models import Donation

#: The most bytes of a manifest; 10,000 files have a quarter of it.
MANIFEST = 4 << 20
SIGN_IN = _("You were signed out. Sign in again, then go on.")
View = Callable[..., HttpResponse]


def answers_in_json(view: View) -> View:
    """Who is not signed in gets a 401 and no page, and refusals are problems, as the API answers them."""

    @wraps(view)
    def answering(request: HttpRequest, *args: UUID, **kwargs: UUID) -> HttpResponse:
        if not request.user.is_authenticated:
            return _problem(str(SIGN_IN), 401, "signed_out")
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            return _problem(said(refused.sentence), int(refused.status), refused.code)

    return answering


@require_POST
@answers_in_json
def manifest(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Says what of the listed files this donor has not given yet, and where each goes on."""
    uploads = _uploads(request, pk, "upload_manifest")
    request.session.modified = True  # it lasts from here anew: nobody is signed out in mid-upload
    try:
        body = json.loads(request.read(MANIFEST))
    except (ValueError, RecursionError):
        raise Invalid("Send the manifest as JSON: an object with a list called files.", "manifest") from None
    return JsonResponse(uploads.manifest(body))


@answers_in_json
def uploads(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begins an upload."""
    return tus.collection(request, _uploads(request, pk, "upload_parts"))


@answers_in_json
def upload(request: HttpRequest, pk: UUID, upload: UUID) -> HttpResponse:
    """One upload: how far it is, its next part, its end."""
    return tus.one(request, _uploads(request, pk, "upload_parts"), upload)


@require_POST
@answers_in_json
def complete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sends the donation off, if everything that was promised is there, and gives the receipt."""
    by = reader(request)
    keep_pace(request, "upload_manifest", by)
    return JsonResponse(actions.complete_donation(donation=_own(by, pk), by=by))


def _uploads(request: HttpRequest, pk: UUID, action: str) -> actions.DonationUploads:
    by = reader(request)
    keep_pace(request, action, by)
    base = reverse("registry:donation_uploads", args=[pk])
    return actions.DonationUploads(_own(by, pk), by, lambda key: f"{base}{key}/")


def _own(by: User, pk: UUID) -> Donation:
    found = queries.donations_of(by).filter(pk=pk).first()
    if found is None:
        raise Missing("There is no such donation.")
    return found


def _problem(sentence: str, status: int, code: str) -> HttpResponse:
    return JsonResponse(problem(sentence, status, code), status=status, content_type=PROBLEM)
