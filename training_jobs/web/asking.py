"""The page on which a researcher asks for a training job under a grant."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from registry import queries as registry
from training_jobs import actions, queries
from training_jobs.permissions import person
from training_jobs.web.forms import LIMIT, PARAMETER, JobForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose a template, set its parameters, ask."""
    user = person(request.user)
    grant = registry.usable_grant(user, pk)
    templates = queries.templates()
    name = request.GET.get("template", "") or (next(iter(templates)) if len(templates) == 1 else "")
    if name not in templates:
        return render(request, "training_jobs/choose.html", {"grant": grant, "templates": templates.values()})
    form = JobForm(templates[name], request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            job = actions.submit_job(
                grant=grant,
                template=name,
                parameters=form.chosen(PARAMETER),
                limits=form.chosen(LIMIT),
                title=form.cleaned_data["title"],
                by=user,
            )
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("Your job was sent. Two reviewers look at it before it runs."))
            return redirect("training_jobs:job", pk=job.pk)
    return render(
        request,
        "training_jobs/new.html",
        {"grant": grant, "form": form, "template": form.template, "reach": queries.reach(grant)},
        status=status,
    )
