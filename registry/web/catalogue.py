"""The catalogue: datasets, their versions, and the manifest for those who hold a grant."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.accounts.queries import holds, programmes
from core.accounts.roles import Role
from core.web.reader import reader
from registry import queries
from registry.actions.manifests import read_manifest
from registry.models import DatasetVersion
from registry.rules import selection
from registry.rules.counts import about
from registry.rules.lifecycle import VersionState
from registry.web.dataset_forms import FreezeForm

SPLIT_WORDS = {"train": "Training", "validation": "Validation", "test": "Test"}


@login_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every dataset that the person may read about."""
    told = _told(request)
    found = [queries.dataset_facts(dataset) for dataset in queries.catalogue(request.user)]
    context = {
        "datasets": [facts | {"donors": told(facts["version"])} for facts in found],
        "may_make": programmes(request.user, Role.STEWARD).exists(),
    }
    return render(request, "registry/catalogue.html", context)


@login_required
@require_safe
def dataset(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One dataset with its versions; stewards can freeze a new one."""
    found = get_object_or_404(queries.catalogue(request.user), pk=pk)
    newest = queries.latest_version(found)
    told = _told(request)
    may_freeze = holds(request.user, found.programme_id, Role.STEWARD)
    context = {
        "dataset": found,
        "newest": newest,
        "facts": _facts(newest, told) if newest else None,
        "rule": selection.sentences(selection.parse(found.rule)),
        "versions": [(version, told(version)) for version in found.versions.all()],
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
        "facts": _facts(found, _told(request)),
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


def _told(request: HttpRequest) -> Callable[[object], int | str]:
    """The number of a version's donors as this person may know it."""
    is_exact = queries.counts_exactly(request.user)
    return lambda version: (
        _number(version.donor_count, is_exact(version)) if isinstance(version, DatasetVersion) else ""
    )


def _number(count: int, is_exact: bool) -> int | str:
    return count if is_exact else about(count)


def _facts(version: DatasetVersion, told: Callable[[object], int | str]) -> dict[str, object]:
    facts, donors = queries.version_facts(version), told(version)
    is_exact = isinstance(donors, int)
    return {
        "donors": donors,
        "is_exact": is_exact,
        "modalities": [(selection.MODALITY_WORDS.get(kind, kind), number) for kind, number in facts.modalities],
        "body_parts": [(part.capitalize(), number) for part, number in facts.body_parts],
        "labels": facts.labels,
        "splits": [(SPLIT_WORDS[split], _number(number, is_exact)) for split, number in facts.splits],
        "bytes": facts.bytes,
        "tombstones": facts.tombstones,
    }
