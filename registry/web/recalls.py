"""The pages of those who decide on reports, and of the holders who answer what became of recalled images."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.models import User
from core.accounts.permissions import require
from core.accounts.queries import holds, programmes
from core.accounts.roles import Role
from core.actors import Actor
from core.design.formats import grouped
from core.errors import Invalid, Missing
from core.web.reader import reader
from registry import actions, queries
from registry.models import HolderNotice, IdentityReport
from registry.queries.recall import READERS
from registry.rules.lifecycle import ReportState
from registry.rules.recall import REASON_WORDS, SCOPE_WORDS, SEEN_WORDS, Scope, Seen, where_of
from registry.web.followed import followed, way
from registry.web.forms import take_errors
from registry.web.recall_forms import ConfirmForm, DismissForm, PointForm

PAGE = 25
ERASED = [
    gettext_noop(
        "Every image of the series is erased, with its pictures; the files that were given stay in quarantine."
    ),
    gettext_noop("Versions that held them keep an empty place, and are made again without them."),
    gettext_noop("All clean images of the programme are looked through again."),
    gettext_noop("Holders and whoever reported it are told."),
]
FREE = [
    gettext_noop("The images may be used again, and versions that were closed are made again."),
    gettext_noop("Holders and whoever reported it are told."),
]


@login_required
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The reports of the programmes that one looks after, the newest first."""
    if not programmes(request.user, *READERS).exists():
        raise Missing("There are no reports for you.")
    page = Paginator(queries.reports_visible(request.user), PAGE).get_page(request.GET.get("page"))
    rows = [{"report": each, "seen": SEEN_WORDS[Seen(each.seen)], "whose": whose(each)} for each in page]
    return render(request, "registry/reports.html", {"page": page, "rows": rows})


@login_required
@require_safe
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One report, and everything that followed from it."""
    return _page(request, queries.report_of(request.user, pk))


@login_required
@require_POST
def point(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A steward names the image that a report means."""
    found = _stewarded(request, pk)
    form = PointForm(request.POST)
    if form.is_valid():
        try:
            where = where_of(form.cleaned_data["identifier"], found.version_id)
            stopped = actions.point_report(report=found, where=where, by=reader(request))
            messages.success(
                request, _("Nobody can use these images now: %(number)s in all.") % {"number": grouped(stopped)}
            )
            return redirect("registry:report_one", pk)
        except Invalid as refusal:
            take_errors(form, refusal.fields, refusal.sentence)
    return _page(request, found, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks what says who it is, and erases the series."""
    found = _stewarded(request, pk)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.confirm_report(report=found, reason=form.cleaned_data["reason"], by=reader(request))
        messages.success(request, _("Confirmed. The images are being erased."))
        return redirect("registry:report_one", pk)
    return _ask(request, found, form, _("Is the report right?"), ERASED, _("Yes, erase the images"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks why it is unfounded, and frees the images."""
    found = _stewarded(request, pk)
    form = DismissForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.dismiss_report(report=found, reason=form.cleaned_data["reason"], by=reader(request))
        messages.success(request, _("Dismissed. What only this report stopped may be used again."))
        return redirect("registry:report_one", pk)
    return _ask(request, found, form, _("Is the report unfounded?"), FREE, _("Yes, free the images"))


@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the holder of a grant is to do, and their answer: signed in, or by the address that they were sent."""
    notice, by = _notice(request, pk)
    if notice is None:
        if isinstance(request.user, User):
            raise Missing("There is no such notice.")
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        actions.attest(notice=notice, by=by)
        messages.success(request, _("Thank you. Your answer is on record."))
        return redirect(request.get_full_path())
    dismissed = notice.report is not None and notice.report.state == ReportState.DISMISSED
    versions = queries.versions_of(notice.report) if notice.report else queries.versions_of_grant(notice.grant)
    context = {
        "notice": notice,
        "grant": notice.grant,
        "dismissed": dismissed,
        "must_answer": notice.deadline and not notice.attested_at and not dismissed,
        "versions": versions.filter(pk=notice.grant.version_id),
    }
    return render(request, "registry/recall.html", context)


def _notice(request: HttpRequest, pk: UUID) -> tuple[HolderNotice | None, Actor]:
    """The notice, if it is the reader's or they have its key, and in whose name they answer."""
    if isinstance(request.user, User) and (mine := queries.notices_of(request.user).filter(pk=pk).first()):
        return mine, request.user
    return queries.notices_opened(pk, request.GET.get("key", "")).first(), actions.BY_LINK


def whose(found: IdentityReport) -> str:
    """Who made a report, without their name: that is nobody's business but the audit trail's."""
    if found.same_study:
        return gettext_noop("The registry: somebody who gave the same examination from another account has withdrawn")
    if found.recheck_id:
        return gettext_noop("Found by looking through all clean images again")
    return (
        gettext_noop("Somebody with an account") if found.reporter_id else gettext_noop("Somebody without an account")
    )


def _stewarded(request: HttpRequest, pk: UUID) -> IdentityReport:
    found = queries.report_of(request.user, pk)
    require(reader(request), found.programme_id, Role.STEWARD)
    return found


def _page(request: HttpRequest, found: IdentityReport, form: Form | None = None) -> HttpResponse:
    decides = found.state == ReportState.OPEN and holds(request.user, found.programme_id, Role.STEWARD)
    may_read = holds(request.user, found.programme_id, Role.STEWARD, Role.CURATOR)
    context: dict[str, Any] = {
        "report": found,
        "seen": SEEN_WORDS[Seen(found.seen)],
        "scope": SCOPE_WORDS[Scope(found.scope)],
        "whose": whose(found),
        "reason": REASON_WORDS.get(found.reason, ""),
        "description": found.description if may_read else "",
        "images": queries.images_of(found).count(),
        "notices": found.notices.select_related("grant__request", "grant__version__dataset").order_by("pk"),
        "steps": way(found),
        "things": followed(found, request.user),
        "decides": decides,
        "form": (form or PointForm()) if decides else None,
    }
    return render(request, "registry/report.html", context, status=422 if form is not None and form.errors else 200)


def _ask(
    request: HttpRequest, found: IdentityReport, form: Form, title: str, consequences: list[str], label: str
) -> HttpResponse:
    number = queries.images_of(found).count()
    out_of_reach = ngettext(
        "%(number)s image is out of reach since it was reported.",
        "%(number)s images are out of reach since it was reported.",
        number,
    )
    context = {
        "title": title,
        "text": out_of_reach % {"number": grouped(number)},
        "consequences": [_(each) for each in consequences],
        "confirm_label": label,
        "cancel_href": reverse("registry:report_one", args=[found.pk]),
        "form": form,
        "warning": True,
    }
    return render(request, "design/confirm.html", context)
