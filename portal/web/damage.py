"""A steward's page of stored files that are damaged or lost: what each is, since when, and which versions hold it."""

from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.accounts.queries import programmes
from core.accounts.roles import Role
from core.errors import Missing
from core.storage.zones import Damage, Zone
from registry.queries import Damaged, damaged_in

KINDS: Final[dict[Zone, str | Promise]] = {
    Zone.INCOMING: _("A part of a file that is being sent"),
    Zone.QUARANTINE: _("A file as a donor sent it"),
    Zone.REVIEW: _("A picture for curators"),
    Zone.CLEAN: _("A cleaned image"),
    Zone.OUTPUTS: _("A result of a training job, held"),
    Zone.RELEASED: _("A result that was let go"),
    Zone.TAKEOUT: _("A copy that a donor asked for"),
}
LIST: Final = _("A version's list of its files")
FOUND: Final[dict[Damage, str | Promise]] = {Damage.CHANGED: _("damaged"), Damage.GONE: _("lost")}


@login_required
@require_safe
def damage(request: HttpRequest) -> HttpResponse:
    """Damaged and lost files of the programmes that one stewards; of whom they are is not said."""
    mine = programmes(request.user, Role.STEWARD)
    if not mine.exists():
        raise Missing("There is no such page for you.")
    rows = [(each, _kind(each), FOUND[each.damage]) for each in damaged_in(mine.values_list("pk", flat=True))]
    return render(request, "portal/damage.html", {"rows": rows})


def _kind(found: Damaged) -> str | Promise:
    return LIST if found.is_manifest else KINDS[found.zone]
