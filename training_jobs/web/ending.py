"""Ending a job early, and starting an interrupted one again."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from training_jobs import actions, queries
from training_jobs.permissions import person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks whether it is meant, then ends the job."""
    user = person(request.user)
    job = queries.job(user, pk)
    if request.method == "POST":
        actions.cancel_job(job=job, by=user)
        messages.success(request, _("The job ends now, or within a few seconds if it is running."))
        return redirect("training_jobs:job", pk=pk)
    context = {
        "title": _("End this job?"),
        "text": job.title,
        "consequences": [
            _("If it is running, it stops, and nothing that it made is kept."),
            _("Its page stays, with what was decided and when."),
            _("It can be asked for again as a new job."),
        ],
        "confirm_label": _("End this job"),
        "cancel_href": reverse("training_jobs:job", args=[pk]),
        "warning": True,
    }
    return render(request, "design/confirm.html", context)


@login_required
@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Starts an interrupted job again."""
    user = person(request.user)
    actions.retry_lost(job=queries.job(user, pk), by=user)
    messages.success(request, _("The job starts again as a new attempt, on what may be used now."))
    return redirect("training_jobs:job", pk=pk)
