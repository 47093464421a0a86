"""Where someone lands after signing in: their next step, what waits for them, and their messages."""

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from consent.queries import consent_sentences, donors_of, may_donate
from core.accounts.queries import open_programmes, roles_of
from core.accounts.roles import STAFF, Role
from core.notifications.queries import inbox as own_notices
from portal.queries import waiting
from registry.queries import donations_of, grants_of, requests_of
from training_jobs.queries import jobs_of

KINDS = {
    "question": _("Questions to you"),
    "renewal": _("Forms that changed"),
    "donation": _("Gifts that are not sent yet"),
    "series": _("Series to look at"),
    "request": _("Requests for access"),
    "request_draft": _("Requests that are not sent yet"),
    "agreement": _("Agreements to sign"),
    "evidence_due": _("Evidence to give"),
    "evidence": _("Evidence to look at"),
    "job": _("Training jobs to decide"),
    "outputs": _("Results to review"),
    "lost": _("Training jobs that were interrupted"),
    "form": _("Consent forms to publish"),
    "report": _("Reports of possible identities"),
    "recall": _("Recalls to answer"),
    "withdrawal": _("Withdrawals that need help"),
    "work": _("Work that needs help"),
    "log": _("Log"),
    "witness": _("Witness"),
    "identity": _("Identities"),
}
SHOWN = 5


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One page per kind of user, with the next step first."""
    user, roles = request.user, roles_of(request.user)
    donor = donors_of(user).first()
    lines = waiting(user)
    context = {
        "is_staff": bool(roles & STAFF),
        "is_researcher": Role.RESEARCHER in roles,
        "donor": donor,
        "consents": donor is not None and may_donate(donor.pk),
        "can": consent_sentences(donor.pk)[0] if donor else [],
        "donations": donations_of(user)[:SHOWN] if donor else [],
        "programmes": open_programmes(),
        "waiting": lines[:SHOWN],
        "waiting_count": len(lines),
        "requests": requests_of(user)[:SHOWN],
        "grants": grants_of(user)[:SHOWN],
        "jobs": jobs_of(user)[:SHOWN],
        "unread": own_notices(user).filter(read_at=None)[:SHOWN],
    }
    return render(request, "portal/home.html", context)


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this person, by kind, longest first."""
    lines = sorted(waiting(request.user), key=lambda line: (line.kind, line.since))
    groups = [
        (KINDS.get(kind, kind.replace("_", " ").capitalize()), list(group))
        for kind, group in groupby(lines, key=lambda line: line.kind)
    ]
    return render(request, "portal/inbox.html", {"groups": groups, "count": len(lines)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """One's own messages; posting marks them all as read."""
    mine = own_notices(request.user)
    if request.method == "POST":
        mine.filter(read_at=None).update(read_at=timezone.now())
        return redirect("portal:notices")
    page = Paginator(mine, 50).get_page(request.GET.get("page"))
    return render(request, "portal/notices.html", {"page": page, "unread": mine.filter(read_at=None).count()})
