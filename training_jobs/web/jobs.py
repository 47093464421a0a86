"""The list of jobs, and a job's own page with its live progress and the reviewers' decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import User
from core.errors import Invalid
from training_jobs import actions, queries
from training_jobs.models import TrainingJob
from training_jobs.permissions import person
from training_jobs.web import showing
from training_jobs.web.forms import DecisionForm, job_decision

PAGE = 25


@login_required
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """One's own jobs, and those that one reviews or watches; what waits for a decision comes first."""
    user = person(request.user)
    page = Paginator(queries.jobs_visible(user), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "waiting": queries.waiting(user), "grants": queries.grants_for_jobs(user), "reader": user}
    return render(request, "training_jobs/jobs.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A job; while it is under way the browser asks every two seconds for its live part alone."""
    user = person(request.user)
    found = queries.job(user, pk)
    if request.headers.get("HX-Request"):
        return _live(request, found)
    form = job_decision(request.POST or None)
    if request.method == "POST" and form.is_valid() and _decide(request, found, form, user):
        return redirect("training_jobs:job", pk=pk)
    return render(request, "training_jobs/job.html", _context(user, found) | {"form": form})


def _decide(request: HttpRequest, found: TrainingJob, form: DecisionForm, user: User) -> bool:
    try:
        actions.decide_job(
            job=found,
            approves=form.says_yes,
            reason=form.cleaned_data["reason"],
            spec_digest=request.POST.get("spec_digest", ""),
            by=user,
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("Your decision is on record."))
    return True


def _live(request: HttpRequest, found: TrainingJob) -> HttpResponse:
    """The live part; once there is nothing to wait for, the whole page is loaded anew."""
    response = render(request, "training_jobs/live.html", {"job": found, "live": showing.live(found)})
    if not showing.under_way(found):
        response["HX-Refresh"] = "true"
    return response


def _context(user: User, found: TrainingJob) -> dict[str, Any]:
    may = queries.may(user, found)
    return {
        "job": found,
        "may": may,
        "purpose": queries.purpose(found),
        "decisions": found.approvals.select_related("reviewer").order_by("id"),
        "outputs": queries.outputs_of(found),
        "steps": showing.steps(found),
        "live": showing.live(found),
        "specification": showing.specification(found),
        "reason": showing.reason(found),
        "headline": showing.headline(user, found),
    }
