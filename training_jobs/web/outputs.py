"""An output's page: reviewers see it and decide; the researcher sees and downloads what was released."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import User
from core.errors import Invalid
from training_jobs import actions, queries
from training_jobs.models import JobOutput
from training_jobs.permissions import person
from training_jobs.rules.output_checks import may_be_released
from training_jobs.web.forms import DecisionForm, output_decision
from training_jobs.web.previews import preview


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def output(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is in it, what the checks said, who decided what; a reviewer decides here."""
    user = person(request.user)
    found = queries.output(user, pk)
    held_back = "" if may_be_released(found.check_outcome) else _("The checks hold it back.")
    form = output_decision(request.POST or None, reason=held_back)
    if request.method == "POST" and form.is_valid() and _decide(request, found, form, user):
        following = queries.outputs_to_review(user).filter(job_id=found.job_id).first()
        return redirect("training_jobs:output" if following else "training_jobs:job", pk=(following or found.job).pk)
    return render(request, "training_jobs/output.html", _context(user, found) | {"form": form})


def _decide(request: HttpRequest, found: JobOutput, form: DecisionForm, user: User) -> bool:
    try:
        actions.decide_output(output=found, releases=form.says_yes, reason=form.cleaned_data["reason"], by=user)
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("Your decision on %(name)s is on record.") % {"name": found.name})
    return True


def _context(user: User, found: JobOutput) -> dict[str, Any]:
    may = queries.may_with(user, found)
    data = queries.readable_bytes(user, found)
    return {
        "output": found,
        "job": found.job,
        "may": may,
        "preview": preview(found.kind, data) if data is not None else None,
        "decisions": found.decisions.select_related("reviewer").order_by("id"),
        "needed": found.job.programme.output_reviewers,
        "refusal": queries.refusal_of(found),
        "purpose": queries.purpose(found.job),
        "found": [queries.kept_said(reason) for reason in found.check_reasons],
    }


@login_required
@require_safe
def download(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A released output as a file; never shown by the browser itself."""
    user = person(request.user)
    found = queries.output(user, pk)
    response = FileResponse(
        queries.released_file(user, found),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
