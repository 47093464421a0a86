"""Where somebody who may see a job's output reports that it may show who a person is."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.errors import Invalid
from core.spoken import said
from training_jobs import actions, queries
from training_jobs.permissions import person
from training_jobs.web.report_form import ReportForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_output(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form; once it is sent the output is not given out any more."""
    user = person(request.user)
    found = queries.output(user, pk)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.report_output(output=found, by=user, **form.cleaned_data)
            return redirect("registry:reported")
        except Invalid as refusal:
            form.add_error(None, said(refusal.sentence))
    context = {"form": form, "output": found, "job": found.job}
    return render(request, "training_jobs/report.html", context, status=422 if form.errors else 200)
