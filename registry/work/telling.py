"""Tells holders of grants of a report or withdrawal, staff of a report; ends access where a holder does not answer."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.accounts.queries import members
from core.accounts.roles import Role
from core.actors import SystemActor
from core.errors import Conflict
from core.lifecycle import move
from core.notifications.send import notify
from core.texts import gettext_noop as _
from registry.models import Grant, HolderNotice, IdentityReport
from registry.queries.datasets import versions_holding
from registry.queries.recall import holders_of, holders_of_versions, notice_key, notices_of_donor
from registry.rules.lifecycle import GrantState, ReportState
from registry.rules.recall import TO_ANSWER

CLOCK = SystemActor("clock")
UNANSWERED = "recall_unanswered"
WITHDRAWAL_UNANSWERED = "withdrawal_unanswered"
UNANSWERED_WORDS = {
    UNANSWERED: _(
        "You did not answer in time what became of images in which somebody may be recognised. All else that you may "
        "use in this programme rests until you have answered."
    ),
    WITHDRAWAL_UNANSWERED: _(
        "You did not answer in time what became of images of a donor who has withdrawn. All else that you may use in "
        "this programme rests until you have answered."
    ),
}
MOST = 200


def tell_holders(report: IdentityReport) -> None:
    """Each holder of a version that the report closed is told once what to do; who has signed has to answer."""
    for grant in holders_of(report):
        tell_holder(report, grant)


def tell_holder(report: IdentityReport, grant: Grant) -> None:
    """Tells one holder, once a report."""
    _tell(
        grant,
        _("Stop using some of the images that you were given access to"),
        _("Somebody may be recognised in them. The page says what to do now."),
        report=report,
    )


def tell_holders_of_withdrawal(donor_id: UUID, withdrawal_id: UUID) -> None:
    """Each holder of a version that holds or held the donor is told once; who has signed has to answer."""
    told = notices_of_donor(donor_id).values("grant_id")
    for grant in holders_of_versions(versions_holding(donor_id)).exclude(pk__in=told):
        _tell(
            grant,
            _("A dataset version that you may use is closed, because a donor has withdrawn"),
            _("Stop using results that need their images, and say that copies are deleted. The page says how."),
            withdrawal_id=withdrawal_id,
        )


def _tell(grant: Grant, title: str, body: str, **about: Any) -> None:
    now = timezone.now()
    deadline = now + TO_ANSWER if grant.signed_at else None
    notice, created = HolderNotice.objects.get_or_create(
        **about, grant=grant, defaults={"told_at": now, "deadline": deadline}
    )
    if created:
        notify(
            user_id=grant.researcher_id,
            title=title,
            body=body,
            link=f"/recalls/{notice.pk}/?key={notice_key(notice.pk)}",
            dedupe=f"recall:{notice.pk}",
        )


def tell_holder_of(report_id: UUID, grant_id: UUID) -> None:
    """The same by ids, for the apps above."""
    tell_holder(IdentityReport.objects.get(pk=report_id), Grant.objects.get(pk=grant_id))


def tell_staff(report: IdentityReport) -> None:
    """Stewards and curators of the programme are told once of a report."""
    for role in (Role.STEWARD, Role.CURATOR):
        for user in members(report.programme_id, role):
            notify(
                user_id=user.pk,
                title=_("Somebody may be recognised in released data"),
                body=_("A report was made. Access to what it names has stopped."),
                link=f"/reports/{report.pk}/",
                dedupe=f"report:{report.pk}",
            )


def tell_decision(report: IdentityReport) -> None:
    """Holders and the reporter are told what was decided."""
    dismissed = report.state == ReportState.DISMISSED
    title = _("A report was unfounded") if dismissed else _("A report was right")
    holders = (
        _("You need not delete anything. A new version of the data is being made.")
        if dismissed
        else _("The images were erased for good. Copies and results that show them must be deleted.")
    )
    for notice in HolderNotice.objects.filter(report=report).select_related("grant"):
        notify(
            user_id=notice.grant.researcher_id,
            title=title,
            body=holders,
            link=f"/recalls/{notice.pk}/",
            dedupe=f"recall:{notice.pk}:{report.state}",
        )
    if report.reporter_id:
        body = _("It may be used again.") if dismissed else _("It was erased for good. Thank you for telling us.")
        notify(
            user_id=report.reporter_id,
            title=_("What you reported: nobody can be recognised")
            if dismissed
            else _("What you reported: you were right"),
            body=body,
            link="/notices/",
            dedupe=f"report:{report.pk}:{report.state}",
        )


def end_unanswered() -> int:
    """Ends the access of holders who did not answer in time; returns how many."""
    late = HolderNotice.objects.filter(attested_at=None, overdue_at=None, deadline__lt=timezone.now())
    ended = 0
    for notice in late.exclude(report__state=ReportState.DISMISSED).select_related("grant")[:MOST]:
        try:
            with transaction.atomic():
                ended += _end(notice)
        except Conflict:
            continue  # the grant was ended, or the notice answered, at this very moment
    return ended


def _end(notice: HolderNotice) -> int:
    unanswered = HolderNotice.objects.filter(pk=notice.pk, attested_at=None, overdue_at=None)
    if not unanswered.update(overdue_at=timezone.now()):
        return 0
    if notice.grant.state == GrantState.ACTIVE:
        why = UNANSWERED if notice.report_id else WITHDRAWAL_UNANSWERED
        move(notice.grant, GrantState.REVOKED, by=CLOCK, why=why, revoked_reason=why)
        notify(
            user_id=notice.grant.researcher_id,
            title=_("An access of yours has ended"),
            body=UNANSWERED_WORDS[why],
            link=f"/recalls/{notice.pk}/",
            dedupe=f"grant:{notice.grant_id}:revoked",
        )
    return 1
