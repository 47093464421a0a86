"""What waits for someone in the registry: lines of their inbox."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.queries import Reader, programmes
from core.accounts.roles import Role
from core.waiting import Waiting
from registry.queries.access import grants_of, requests_of, requests_to_decide
from registry.queries.donations import donations_of
from registry.queries.evidence import evidence_due, evidence_to_decide
from registry.queries.recall import notices_to_answer, reports_visible
from registry.rules.lifecycle import DonationState, GrantState, ReportState, RequestState, VersionState

RECALLED = gettext_lazy("Say what became of recalled images: %(title)s")
WITHDRAWN = gettext_lazy("Say what became of copies, as a donor has withdrawn: %(title)s")


def waiting(user: Reader) -> list[Waiting]:
    """Questions to a donor, what is not sent, agreements to sign, requests to vote on, evidence, reports, recalls."""
    lines = [
        Waiting("question", _("We have a question about your images."), _page("donation", d.pk), d.created_at)
        for d in donations_of(user).filter(state=DonationState.STOPPED)
    ]
    lines += [
        Waiting(
            "donation",
            _("Your images are here, but you have not sent them off yet."),
            _page("donation", d.pk),
            d.created_at,
        )
        for d in donations_of(user).filter(state=DonationState.OPEN, files__isnull=False).distinct()
    ]
    lines += [
        Waiting(
            "request_draft",
            _("Your request is not sent yet: %(title)s") % {"title": r.title},
            _page("request", r.pk),
            r.created_at,
        )
        for r in requests_of(user).filter(state=RequestState.DRAFT)
    ]
    lines += [
        Waiting(
            "agreement",
            _("Sign the agreement: %(title)s") % {"title": g.request.title},
            _page("grant", g.pk),
            g.created_at,
        )
        for g in grants_of(user).filter(state=GrantState.OFFERED, version__state=VersionState.FROZEN)
    ]
    lines += [
        Waiting(
            "request",
            _("Decide on a request: %(title)s") % {"title": r.title},
            _page("request", r.pk),
            r.submitted_at or r.created_at,
        )
        for r in requests_to_decide(user)
    ]
    return lines + _evidence(user) + _recalls(user)


def _evidence(user: Reader) -> list[Waiting]:
    lines = [
        Waiting(
            "evidence_due",
            _("Give evidence: %(title)s") % {"title": e.grant.request.title},
            _page("evidence", e.pk),
            e.created_at,
        )
        for e in evidence_due(user)
    ]
    return lines + [
        Waiting(
            "evidence",
            _("Look at evidence: %(title)s") % {"title": e.grant.request.title},
            _page("evidence", e.pk),
            e.given_at or e.due_at,
        )
        for e in evidence_to_decide(user)
    ]


def _recalls(user: Reader) -> list[Waiting]:
    staffed = programmes(user, Role.STEWARD, Role.CURATOR)
    lines = [
        Waiting("report", _("Somebody may be recognised in released data."), _page("report_one", r.pk), r.opened_at)
        for r in reports_visible(user).filter(programme__in=staffed, state=ReportState.OPEN)
    ]
    lines += [
        Waiting(
            "recall",
            (RECALLED if n.report_id else WITHDRAWN) % {"title": n.grant.request.title},
            _page("recall", n.pk),
            n.told_at,
        )
        for n in notices_to_answer(user)
    ]
    return lines


def _page(name: str, pk: object) -> str:
    return reverse(f"registry:{name}", args=[pk])
