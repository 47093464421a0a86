"""The researcher's pages for asking: a purpose, the numbers for it, sending it, taking it back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent.queries import diseases, kept_said
from consent.rules.asked import Question
from consent.rules.use import Use, UseError
from consent.rules.verdicts import Obligation
from core.accounts.permissions import require
from core.accounts.roles import Role
from core.errors import Conflict, Invalid
from core.spoken import said
from core.web.reader import reader
from registry import actions, queries
from registry.actions.requests import CLOSED
from registry.models import AccessRequest, DatasetVersion
from registry.rules.counts import share
from registry.rules.lifecycle import RequestState, VersionState
from registry.rules.purpose import use_of
from registry.web.deciding import vote_context
from registry.web.forms import take_errors
from registry.web.request_forms import RequestForm, VoteForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form of a purpose. 'Check the numbers' changes nothing; 'Go on' writes the request down, not yet sent."""
    version = get_object_or_404(queries.versions_visible(request.user), pk=pk)
    require(reader(request), version.programme_id, Role.RESEARCHER)
    if version.state != VersionState.FROZEN:
        raise Conflict(CLOSED, "version_closed")
    form = RequestForm(request.POST or None)
    numbers = None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("step") == "check":
                numbers = numbers_for(version, _use(form))
            else:
                drafted = _draft(request, version, form)
                return redirect("registry:request", drafted.pk)
        except Invalid as refusal:
            take_errors(form, refusal.fields, refusal.sentence)
    context = {
        "version": version,
        "form": form,
        "numbers": numbers,
        "diseases_open": form.data.get("area") == "diseases",
    }
    return render(request, "registry/request_new.html", context)


@login_required
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """The person's own requests and grants, and those that wait for their vote."""
    visible = queries.requests_visible(request.user)
    context = {
        "own": queries.requests_of(request.user),
        "grants": queries.grants_of(request.user),
        "to_decide": queries.requests_to_decide(request.user),
        "others": visible.exclude(researcher_id=request.user.pk),
    }
    return render(request, "registry/requests.html", context)


@login_required
@require_safe
def request(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request as its researcher, the committee, a steward or an auditor sees it."""
    return _page(request, get_object_or_404(queries.requests_visible(request.user), pk=pk))


@login_required
@require_POST
def vote(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Casts a vote; the page comes back with what was written where something is amiss."""
    found = get_object_or_404(queries.requests_visible(request.user), pk=pk)
    require(reader(request), found.programme_id, Role.COMMITTEE)
    form = VoteForm(request.POST, matters=queries.matters_of(found))
    if not form.is_valid():
        return _page(request, found, form)
    try:
        actions.cast_vote(request=found, by=reader(request), **form.cleaned_data)
    except Invalid as refusal:
        take_errors(form, refusal.fields, refusal.sentence)
        return _page(request, found, form)
    messages.success(request, _("Your vote counts. Thank you."))
    return redirect("registry:request", pk)


def _page(request: HttpRequest, found: AccessRequest, form: VoteForm | None = None) -> HttpResponse:
    question = queries.asked_in(found)
    context = {
        "access": found,
        "purpose": queries.purpose_said(question.use, diseases()),
        "counted": share(found.permitted_donors or 0, found.total_donors or 0),
        "successor": queries.successor_of(found.version),
        "numbers": numbers_for(found.version, question),
        "obligations": [_duty(each) for each in queries.duties_told(found.version, question)],
        "is_own": found.researcher_id == request.user.pk,
        "grant": queries.grants_visible(request.user).filter(request=found).first(),
        "open": found.state in (RequestState.DRAFT, RequestState.SUBMITTED),
        **vote_context(request, found, form),
    }
    return render(request, "registry/request.html", context)


@login_required
@require_http_methods(["POST"])
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sends the request to the committee."""
    found = get_object_or_404(queries.requests_of(request.user), pk=pk)
    actions.submit_request(request=found, by=reader(request))
    messages.success(request, _("Your request is with the committee. We tell you when it is decided."))
    return redirect("registry:request", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks whether to take the request back, and does it."""
    found = get_object_or_404(queries.requests_of(request.user), pk=pk)
    if request.method == "POST":
        actions.take_back(request=found, by=reader(request))
        messages.success(request, _("Your request was taken back."))
        return redirect("registry:requests")
    context = {
        "title": _("Take this request back?"),
        "text": found.title,
        "consequences": [_("The committee no longer decides on it."), _("You can write a new one at any time.")],
        "confirm_label": _("Take it back"),
        "cancel_href": reverse("registry:request", args=[pk]),
        "warning": True,
    }
    return render(request, "design/confirm.html", context)


def _duty(each: Obligation) -> dict[str, str]:
    return {"sentence": kept_said(each.sentence), "evidence": said(each.evidence)}


def numbers_for(version: DatasetVersion, question: Question) -> dict[str, object]:
    """How many of the version's donors permit the use, as the researcher is told it."""
    told = queries.donors_told(version, question)
    return {"share": told.share, "left": told.left, "day": told.day} if told else {"share": None}


def _use(form: RequestForm) -> Use:
    try:
        return use_of({**form.answers(), "institution": form.cleaned_data["institution"]}, diseases())
    except UseError as error:
        raise Invalid(error.sentence) from None


def _draft(request: HttpRequest, version: DatasetVersion, form: RequestForm) -> AccessRequest:
    texts = {name: form.cleaned_data[name] for name in ("title", "aim", "institution")}
    return actions.draft_request(version=version, answers=form.answers(), by=reader(request), **texts)
