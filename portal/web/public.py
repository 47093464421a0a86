"""Pages for everybody: the landing page, and the address that tells a watcher whether the registry is well."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.accounts.queries import open_programmes
from core.storage.store import StoreUnreachable, store
from core.storage.zones import Zone


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What Donara is, and the programmes that one can give to."""
    return render(request, "portal/landing.html", {"programmes": open_programmes().order_by("name")})


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database and the object store answer, else 503; says which, and nothing else."""
    parts = {"database": _database_answers(), "store": _store_answers()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _store_answers() -> bool:
    try:
        store().exists(Zone.RELEASED, "healthz")
    except (StoreUnreachable, OSError):
        return False
    return True
