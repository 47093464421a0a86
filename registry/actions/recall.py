"""Anyone reports that released data may show who somebody is; a steward points at the images, confirms or dismisses."""

from django.db import transaction
from django.utils import timezone

from consent.actions import look_again
from core.accounts.models import Programme, User
from core.accounts.permissions import require
from core.accounts.roles import Role
from core.actors import Actor, SystemActor
from core.audit.record import record
from core.due.queue import ask
from core.errors import Conflict, Invalid
from core.lifecycle import hold, move, move_all
from core.texts import Filled
from core.texts import gettext_noop as _
from registry import tasks
from registry.models import Dataset, HolderNotice, IdentityReport
from registry.permissions import person, require_holder
from registry.queries.recall import images_named, images_of, stopped_images, versions_of
from registry.rules.lifecycle import ImageState, ReportState
from registry.rules.recall import CONFIRMED, DESCRIPTION_MOST, DISMISSED, Scope, Seen, Where
from registry.signals import report_decided
from registry.work.recalling import bury, note_followed, stop
from registry.work.succeeding import succeed
from registry.work.telling import tell_decision, tell_staff

#: Answers for a holder who came by the address that they were sent and is not signed in.
BY_LINK = SystemActor("holder_by_link")
DECIDED_ALREADY = _("This report was decided already: it is “{state}”.")
NO_SUCH_FILE = _("This version has no file of this name.")


def report_identity(
    *, programme: Programme, where: Where, seen: str, description: str, scope: str = Scope.SERIES, by: Actor
) -> IdentityReport:
    """Opens a report and, in the same transaction, stops all use of what it names exactly.

    Anyone may, signed in or not: who can name an image exactly has it. The programme is the image's own where one is
    named. The same report posted twice is one. Raises Invalid.
    """
    _check(seen, description, scope)
    images = list(images_named(where))
    if where.path and not images:
        raise Invalid(NO_SUCH_FILE, "identifier", {"identifier": NO_SUCH_FILE})
    programme_id = images[0].programme_id if images else programme.pk
    with transaction.atomic():
        key = _key(programme_id, where, seen, by)
        known = IdentityReport.objects.filter(**key, scope=scope, state=ReportState.OPEN).first()
        if known is not None and (where.uid or where.sha256 or where.path or where.output_id):
            return known
        report = IdentityReport.objects.create(**key, scope=scope, description=description.strip())
        record("report.opened", report, by=by, data={"seen": seen, "scope": scope, "named": len(images)})
        stop(report, [image for image in images if image.programme_id == programme_id], by=by)
        tell_staff(report)
        ask(tasks.FOLLOW, report.pk)
    return report


def point_report(*, report: IdentityReport, where: Where, by: Actor) -> int:
    """A steward names the image that a report means; its use stops at once. Returns how many images stop now.

    Raises Invalid where nothing of the programme is named, Conflict once the report was decided.
    """
    require(by, report.programme_id, Role.STEWARD)
    images = list(images_named(where).filter(programme_id=report.programme_id))
    if not images:
        sentence = _("No image of this programme has this digest or identifier.")
        raise Invalid(sentence, "identifier", {"identifier": sentence})
    with transaction.atomic():
        hold(report)
        if report.state != ReportState.OPEN:
            raise _decided(report)
        stop(report, images, by=by)
        stopped = images_of(report).count()
        record("report.pointed", report, by=by, data={"images": stopped})
        ask(tasks.FOLLOW, report.pk)
    return stopped


def confirm_report(*, report: IdentityReport, reason: str, by: User) -> None:
    """The report is right: the whole series is erased everywhere, and versions are made anew without it.

    The same decision posted twice changes nothing. Raises Invalid, Conflict.
    """
    require(by, report.programme_id, Role.STEWARD)
    if reason not in CONFIRMED:
        raise Invalid("Choose what says who it is.", fields={"reason": _("Choose one of the reasons.")})
    with transaction.atomic():
        if not _decide(report, ReportState.CONFIRMED, reason, by, scope=Scope.SERIES.value):
            return
        stop(report, images_of(report), by=by)
        bury(report)
        _make_anew(report, "major", by)
        _tell(report)
        ask(tasks.FOLLOW, report.pk)


def dismiss_report(*, report: IdentityReport, reason: str, by: User) -> None:
    """The report is unfounded: what it alone stopped may be used again, and closed versions get a successor.

    The same decision posted twice changes nothing. Raises Invalid, Conflict.
    """
    require(by, report.programme_id, Role.STEWARD)
    if reason not in DISMISSED:
        raise Invalid("Choose why the report is unfounded.", fields={"reason": _("Choose one of the reasons.")})
    with transaction.atomic():
        if not _decide(report, ReportState.DISMISSED, reason, by):
            return
        recalled = images_of(report).filter(state=ImageState.RECALLED).select_for_update()
        still = set(stopped_images().filter(pk__in=images_of(report).values("pk")).values_list("pk", flat=True))
        free = [image for image in recalled if image.pk not in still]
        move_all(free, ImageState.AVAILABLE, by=by, why="dismissed")
        _make_anew(report, "patch", by)
        _tell(report)


def attest(*, notice: HolderNotice, by: Actor) -> None:
    """The holder of a grant confirms that copies and results with the images are deleted, and all use stopped.

    `by` is the holder, or BY_LINK for whoever has the address that only the holder was sent. Twice changes nothing.
    Raises Missing for everybody else.
    """
    if by != BY_LINK:
        require_holder(by, notice)
    with transaction.atomic():
        if HolderNotice.objects.filter(pk=notice.pk, attested_at=None).update(attested_at=timezone.now()):
            verb = "report.attested" if notice.report else "withdrawal.attested"
            if notice.withdrawal_id:
                look_again(notice.withdrawal_id)
            record(verb, notice.report or notice, by=by, data={"grant": notice.grant_id})
    notice.refresh_from_db(fields=["attested_at"])


def _check(seen: str, description: str, scope: str) -> None:
    fields = {}
    if seen not in set(Seen):
        fields["seen"] = _("Choose what you saw.")
    if scope not in set(Scope):
        fields["scope"] = _("Choose one of the two.")
    if len(description) > DESCRIPTION_MOST:
        fields["description"] = Filled(_("Keep it below {most} characters."), most=DESCRIPTION_MOST)
    if fields:
        raise Invalid("Some of this cannot be used.", "report", fields)


def _key(programme_id: object, where: Where, seen: str, by: Actor) -> dict[str, object]:
    return {
        "programme_id": programme_id,
        "reporter": by if isinstance(by, User) else None,
        "seen": seen,
        "uid": where.uid,
        "sha256": where.sha256,
        "path": where.path,
        "version_id": where.version_id,
        "output_id": where.output_id,
    }


def _decide(report: IdentityReport, to: ReportState, reason: str, by: User, **also: str) -> bool:
    """Moves an open report; False where this very decision stands already. Raises Conflict where another one does."""
    person(by)
    hold(report)
    if report.state == to and report.reason == reason and report.decided_by_id == by.pk:
        return False
    if report.state != ReportState.OPEN:
        raise _decided(report)
    decided = {"reason": reason, "decided_by_id": by.pk, "decided_at": timezone.now(), "description": ""}
    move(report, to, by=by, why=reason, **decided, **also)
    return True


def _make_anew(report: IdentityReport, bump: str, by: Actor) -> None:
    """Successors of the versions that the report closed, from the same rule, for a worker to freeze."""
    for dataset in Dataset.objects.filter(pk__in=versions_of(report).order_by().values("dataset_id")).order_by("pk"):
        version = succeed(dataset, bump, by=by)
        if version is not None:
            note_followed(report.pk, "version_made", version.pk)
            ask(tasks.FREEZE, version.pk)


def _tell(report: IdentityReport) -> None:
    tell_decision(report)
    report_decided.send(sender=IdentityReport, report_id=report.pk)


def _decided(report: IdentityReport) -> Conflict:
    return Conflict(Filled(DECIDED_ALREADY, state=Filled(report.state.capitalize())), "decided")
