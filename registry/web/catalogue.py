"""The catalogue: datasets, their versions, and the manifest for those who hold a grant."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.accounts.queries import holds, programmes
from core.accounts.roles import Role
from core.spoken import said
from core.web.reader import reader
from registry import queries
from registry.actions.manifests import read_manifest
from registry.models import DatasetVersion
from registry.rules import selection
from registry.rules.counts import about
from registry.rules.lifecycle import VersionState
from registry.web.dataset_forms import FreezeForm

SPLIT_WORDS = {"train": _("Training"), "validation": _("Validation"), "test": _("Test")}


@login_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every dataset that the person may read about."""
    is_exact = queries.counts_exactly(request.user)
    found = [queries.dataset_facts(dataset) for dataset in queries.catalogue(request.user)]
    context = {
        "datasets": [_listed(facts, is_exact) for facts in found],
        "may_make": programmes(request.user, Role.STEWARD).exists(),
    }
    return render(request, "registry/catalogue.html", context)


@login_required
@require_safe
def dataset(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One dataset with its versions; stewards can freeze a new one."""
    found = get_object_or_404(queries.catalogue(request.user), pk=pk)
    newest = queries.latest_version(found)
    is_exact = queries.counts_exactly(request.user)
    may_freeze = holds(request.user, found.programme_id, Role.STEWARD)
    context = {
        "dataset": found,
        "newest": newest,
        "facts": _facts(newest, is_exact(newest)) if newest else None,
        "rule": selection.sentences(selection.parse(found.rule)),
        "versions": [(each, _number(each.donor_count, is_exact(each))) for each in found.versions.all()],
        "freeze_form": FreezeForm() if may_freeze else None,
        "may_ask": newest is not None and holds(request.user, found.programme_id, Role.RESEARCHER),
    }
    return render(request, "registry/dataset.html", context)


@login_required
@require_safe
def version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One version: what is in it, its fingerprint, its tombstones."""
    found = get_object_or_404(queries.versions_visible(request.user), pk=pk)
    until = queries.contents_wait_until(found)
    context = {
        "version": found,
        "facts": _facts(found, queries.counts_exactly(request.user)(found)),
        "rule": selection.sentences(selection.parse(found.rule)),
        "successor": queries.successor_of(found) if found.state == VersionState.CLOSED else None,
        "may_ask": found.state == VersionState.FROZEN and holds(request.user, found.programme_id, Role.RESEARCHER),
        "may_read": queries.may_read_manifest(request.user, found),
        "hidden_until": None if holds(request.user, found.programme_id, Role.STEWARD) else until,
        "waits_until": queries.waits_until(found),
    }
    return render(request, "registry/version.html", context)


@login_required
@require_safe
def manifest(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The manifest's very bytes, for those who hold a grant of the version, and its stewards."""
    found = get_object_or_404(queries.versions_visible(request.user), pk=pk)
    answer = HttpResponse(read_manifest(version=found, by=reader(request)), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="manifest-{found.number}.json"'
    return answer


def _listed(facts: dict[str, object], is_exact: Callable[[DatasetVersion], bool]) -> dict[str, object]:
    newest = facts["version"]
    donors = _number(newest.donor_count, is_exact(newest)) if isinstance(newest, DatasetVersion) else ""
    return facts | {"donors": donors}


def _number(count: int, is_exact: bool) -> int | str:
    """A number of donors, as whoever may or may not know it exactly is told it."""
    return count if is_exact else about(count)


def _facts(version: DatasetVersion, is_exact: bool) -> dict[str, object]:
    facts = queries.version_facts(version)
    return {
        "donors": _number(version.donor_count, is_exact),
        "is_exact": is_exact,
        "modalities": [(said(selection.MODALITY_WORDS.get(kind, kind)), number) for kind, number in facts.modalities],
        "body_parts": [(said(part.capitalize()), number) for part, number in facts.body_parts],
        "labels": [(said(label), number) for label, number in facts.labels],
        "splits": [(SPLIT_WORDS[split], _number(number, is_exact)) for split, number in facts.splits],
        "bytes": facts.bytes,
        "tombstones": facts.tombstones,
    }
