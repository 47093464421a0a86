"""Where anyone reports that data may show who somebody is: for everybody, and for a version that one may see."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Programme, User
from core.accounts.queries import open_programmes
from core.actors import Actor, SystemActor
from core.errors import Invalid
from core.web.pace import has_room
from registry import actions, queries
from registry.rules.recall import where_of
from registry.web.forms import take_errors
from registry.web.recall_forms import ReportForm, VersionReportForm

#: By whom a report is made where nobody is signed in.
PASSER_BY = SystemActor("passer_by")
TOO_MANY = _("There were too many reports from here in a short time. Wait an hour, then try again.")


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form for everybody, with or without an account."""
    form = ReportForm(request.POST or None, programmes=open_programmes().order_by("name"))
    if request.method == "POST" and form.is_valid() and _reported(request, form, form.chosen_programme()):
        return redirect("registry:reported")
    return render(request, "registry/report_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form for something that was seen in a version."""
    version = get_object_or_404(queries.versions_visible(request.user), pk=pk)
    form = VersionReportForm(request.POST or None)
    programme = version.dataset.programme
    if request.method == "POST" and form.is_valid() and _reported(request, form, programme, version.pk):
        return redirect("registry:reported")
    context = {"form": form, "version": version}
    return render(request, "registry/report_new.html", context, status=422 if form.errors else 200)


@require_safe
def reported(request: HttpRequest) -> HttpResponse:
    """Thanks, and what happens now: the same for everybody, whatever the report named."""
    return render(request, "registry/reported.html")


def _reported(request: HttpRequest, form: ReportForm, programme: Programme, version_id: UUID | None = None) -> bool:
    if not has_room(request, "report_identity"):
        form.add_error(None, TOO_MANY)
        return False
    try:
        where = where_of(form.cleaned_data["identifier"], version_id)
        actions.report_identity(programme=programme, where=where, by=_who(request), **form.told())
    except Invalid as refusal:
        take_errors(form, refusal.fields, refusal.sentence)
        return False
    return True


def _who(request: HttpRequest) -> Actor:
    return request.user if isinstance(request.user, User) else PASSER_BY
