"""What every page is given: the navigation for the person's roles, and the menu of their account."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consent.queries import donors_of
from core.accounts.queries import roles_of
from core.accounts.roles import STAFF, Role

Link = dict[str, object]

#: Label, address and the roles that see it, in the order in which they stand in the header.
LINKS: tuple[tuple[Any, str, frozenset[Role]], ...] = (
    (_("Home"), "portal:home", frozenset(Role)),
    (_("Give images"), "registry:donate", frozenset({Role.DONOR})),
    (_("My data"), "registry:mydata", frozenset({Role.DONOR})),
    (_("My choices"), "consent:choices", frozenset({Role.DONOR})),
    (_("Inbox"), "portal:inbox", STAFF),
    (_("Series"), "curation:worklist", frozenset({Role.CURATOR})),
    (_("Quarantine"), "curation:quarantine", frozenset({Role.STEWARD})),
    (_("Datasets"), "registry:catalogue", frozenset({Role.RESEARCHER, Role.STEWARD, Role.COMMITTEE})),
    (_("Requests"), "registry:requests", frozenset({Role.RESEARCHER, Role.COMMITTEE, Role.STEWARD, Role.AUDITOR})),
    (_("Jobs"), "training_jobs:jobs", frozenset({Role.RESEARCHER, Role.JOB_REVIEWER, Role.STEWARD, Role.AUDITOR})),
    (_("Forms"), "consent:forms", frozenset({Role.STEWARD, Role.AUDITOR})),
    (_("Withdrawals"), "consent:withdrawals", frozenset({Role.STEWARD, Role.AUDITOR})),
    (_("Reports"), "registry:reports", frozenset({Role.STEWARD, Role.CURATOR, Role.AUDITOR})),
    (_("People"), "portal:people", frozenset({Role.STEWARD})),
    (_("Audit"), "portal:audit", frozenset({Role.AUDITOR, Role.STEWARD})),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """The links in the header and the account's menu."""
    # A request may be refused, with a page, before anyone has looked who sends it.
    if not hasattr(request, "user") or not request.user.is_authenticated:
        links = _links(request, [(_("Give images"), "portal:landing"), (_("For researchers"), "registry:catalogue")])
        return {"navigation": links, "demo": settings.DEMO}
    roles = roles_of(request.user)
    seen = [(label, name) for label, name, for_roles in LINKS if roles & for_roles] or [(_("Home"), "portal:home")]
    return {
        "navigation": _links(request, seen),
        "account_label": request.user.display_name or _("Your account"),
        "account_links": _links(request, _account(roles, donors_of(request.user).exists())),
        "demo": settings.DEMO,
    }


def _account(roles: frozenset[Role], has_given: bool) -> list[tuple[Any, str]]:
    links = [(_("Messages"), "portal:notices"), (_("Change password"), "account_change_password")]
    if has_given and Role.DONOR not in roles:
        # Receipts, and the steps of a withdrawal, stay in reach of someone who is no donor any more.
        links += [(_("Receipts and choices"), "consent:choices"), (_("My data"), "registry:mydata")]
    return [*links, (_("Access tokens"), "portal:tokens")] if roles & {Role.DONOR, Role.RESEARCHER} else links


def _links(request: HttpRequest, names: Iterable[tuple[Any, str]]) -> list[Link]:
    return [{"label": label, "href": reverse(name), "current": request.path == reverse(name)} for label, name in names]
