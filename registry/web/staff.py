"""The stewards' pages: make a dataset, freeze a version of it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.queries import programmes
from core.accounts.roles import Role
from core.errors import Conflict, Invalid, NotAllowed
from core.web.reader import reader
from registry import actions, queries
from registry.rules.versions import Bump
from registry.web.dataset_forms import DatasetForm
from registry.web.forms import take_errors


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dataset_new(request: HttpRequest) -> HttpResponse:
    """The form of a dataset, for each programme that the person stewards."""
    mine = programmes(request.user, Role.STEWARD).order_by("name")
    if not mine:
        raise NotAllowed("Only a data steward can make a dataset.", "role")
    form = DatasetForm(request.POST or None, programmes=mine)
    if request.method == "POST" and form.is_valid():
        texts = {name: form.cleaned_data[name] for name in ("slug", "title", "summary")}
        try:
            made = actions.create_dataset(
                programme=form.chosen_programme(), rule=form.rule(), by=reader(request), **texts
            )
            return redirect("registry:dataset", made.pk)
        except (Invalid, Conflict) as refusal:
            fields = refusal.fields if isinstance(refusal, Invalid) else {"slug": refusal.sentence}
            take_errors(form, fields, refusal.sentence)
    return render(request, "registry/dataset_new.html", {"form": form})


@login_required
@require_POST
def freeze(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begins to freeze a version."""
    found = get_object_or_404(queries.catalogue(request.user), pk=pk)
    bump = request.POST.get("bump", Bump.MINOR.value)
    version = actions.freeze_version(dataset=found, bump=bump, by=reader(request))
    messages.success(
        request, _("Version %(number)s is being frozen. This takes a moment.") % {"number": version.number}
    )
    return redirect("registry:version", version.pk)
