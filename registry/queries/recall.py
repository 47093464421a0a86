"""Reports as their readers may see them, and which images and outputs they put out of reach."""

from uuid import UUID

from django.core.signing import Signer
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from consent import queries as consent
from core.accounts.queries import Reader, key_of, programmes
from core.accounts.roles import Role
from core.errors import Missing
from registry.models import DatasetVersion, Grant, HolderNotice, IdentityReport, Image, ReportedImage, VersionEntry
from registry.rules.lifecycle import ImageState, ReportState, VersionState
from registry.rules.recall import Where

READERS = (Role.STEWARD, Role.CURATOR, Role.AUDITOR)


def reports_visible(user: Reader) -> QuerySet[IdentityReport]:
    """The reports of the programmes in which the user is steward, curator or auditor, newest first."""
    found = IdentityReport.objects.filter(programme__in=programmes(user, *READERS))
    return found.select_related("programme", "version__dataset")


def report_of(user: Reader, report_id: UUID) -> IdentityReport:
    """One report that the user may see; raises Missing."""
    found = reports_visible(user).filter(pk=report_id).first()
    if found is None:
        raise Missing("There is no such report.")
    return found


def notices_of(user: Reader) -> QuerySet[HolderNotice]:
    """What the user was told as the holder of a grant, newest first."""
    mine = HolderNotice.objects.filter(grant__researcher_id=key_of(user)).order_by("-id")
    return mine.select_related("report", "grant__request", "grant__version__dataset")


def notices_to_answer(user: Reader) -> QuerySet[HolderNotice]:
    """Those of them that wait for the user's answer."""
    open_ones = notices_of(user).exclude(report__state=ReportState.DISMISSED)
    return open_ones.exclude(deadline=None).filter(attested_at=None)


def overdue_notices() -> QuerySet[HolderNotice]:
    """What holders should have answered by now and have not; a report that was dismissed wants no answer any more."""
    late = Q(overdue_at__isnull=False) | Q(deadline__lt=timezone.now())
    return HolderNotice.objects.filter(late, attested_at=None).exclude(report__state=ReportState.DISMISSED)


def is_suspended() -> Exists:
    """Of grants: whether their holder owes an answer for any grant of theirs in the same programme.

    A copy that is not known to be deleted lies with the person, so all that they hold rests until they have answered.
    """
    owed = overdue_notices().filter(grant__researcher=OuterRef("researcher"), grant__programme=OuterRef("programme"))
    return Exists(owed)


def images_named(where: Where) -> QuerySet[Image]:
    """The images that these words name exactly: by UID, by digest, or by path in a version."""
    named = Image.objects.none()
    if where.uid:
        named = Image.objects.filter(sop_uid=where.uid)
    elif where.sha256:
        named = Image.objects.filter(sha256=where.sha256)
    elif where.path and where.version_id:
        entries = VersionEntry.objects.filter(version_id=where.version_id, path=where.path)
        named = Image.objects.filter(pk__in=entries.values("image_id"))
    return named.order_by("pk")


def images_of(report: IdentityReport) -> QuerySet[Image]:
    """The images that a report stops."""
    return Image.objects.filter(pk__in=ReportedImage.objects.filter(report=report).values("image_id")).order_by("pk")


def images_in_report(report_id: UUID) -> QuerySet[Image]:
    """The same by the report's id, while the report stands: none once it was dismissed."""
    return Image.objects.filter(pk__in=_standing().filter(report_id=report_id).values("image_id"))


def versions_of(report: IdentityReport) -> QuerySet[DatasetVersion]:
    """The versions that hold, or held, one of those images; always in one order."""
    held = VersionEntry.objects.filter(image__in=images_of(report).order_by())
    return DatasetVersion.objects.filter(pk__in=held.values("version_id")).select_related("dataset").order_by("pk")


def holders_of(report: IdentityReport) -> QuerySet[Grant]:
    """The grants of those versions: offered, in force, or once signed, since results may still lie with the holder."""
    return holders_of_versions(versions_of(report))


def holders_of_versions(versions: QuerySet[DatasetVersion]) -> QuerySet[Grant]:
    """The grants of these versions: offered, in force, or once signed."""
    grants = Grant.objects.filter(version__in=versions.order_by().values("pk"))
    return grants.filter(Q(state__in=["offered", "active"]) | Q(signed_at__isnull=False)).order_by("pk")


def notices_of_donor(donor_id: UUID) -> QuerySet[HolderNotice]:
    """What holders were told because this donor has withdrawn, whichever of their withdrawals it was."""
    return HolderNotice.objects.filter(withdrawal__in=consent.withdrawals_by_donor(donor_id).values("pk"))


def notice_key(notice_id: UUID) -> str:
    """What opens a notice's page without an account: whoever has left their institution can still answer."""
    return Signer(salt="registry.notice").signature(str(notice_id))


def notices_opened(notice_id: UUID, key: str) -> QuerySet[HolderNotice]:
    """The notice if `key` is its key, else nothing."""
    right = constant_time_compare(key, notice_key(notice_id))
    found = HolderNotice.objects.filter(pk=notice_id) if right else HolderNotice.objects.none()
    return found.select_related("report", "grant__request", "grant__version__dataset")


def stopped_images() -> QuerySet[Image]:
    """Every image that a report stops or has stopped for good; a report that was dismissed stops none."""
    return Image.objects.filter(Exists(_standing().filter(image_id=OuterRef("pk"))))


def stopped_outputs() -> QuerySet[IdentityReport]:
    """The reports that stop a training job's output (`output_id`)."""
    return IdentityReport.objects.exclude(state=ReportState.DISMISSED).exclude(output_id=None)


def condemned_files() -> QuerySet[Image]:
    """The images (`file_id` says of which donated file) of reports that were confirmed."""
    confirmed = ReportedImage.objects.filter(report__state=ReportState.CONFIRMED, image_id=OuterRef("pk"))
    return Image.objects.filter(Exists(confirmed))


def confirmed_reports() -> QuerySet[IdentityReport]:
    """The reports that were confirmed and name images, oldest first."""
    named = ReportedImage.objects.filter(report_id=OuterRef("pk"))
    return IdentityReport.objects.filter(Exists(named), state=ReportState.CONFIRMED).order_by("pk")


def report_of_recheck(recheck_id: UUID) -> IdentityReport | None:
    """The newest report that a recheck opened."""
    return IdentityReport.objects.filter(recheck_id=recheck_id).first()


def reports_about(image_ids: "QuerySet[Image] | list[UUID]") -> list[UUID]:
    """The standing reports that stop one of these images."""
    return list(_standing().filter(image__in=image_ids).values_list("report_id", flat=True).distinct())


def reports_to_follow() -> list[UUID]:
    """Reports of which something is still to be done: a version closed, a last image stopped or erased."""
    frozen = VersionEntry.objects.filter(image_id=OuterRef("image_id"), version__state=VersionState.FROZEN)
    left = Q(image__state=ImageState.AVAILABLE) | Q(Exists(frozen))
    left |= Q(report__state=ReportState.CONFIRMED, image__state=ImageState.RECALLED)
    return list(_standing().filter(left).values_list("report_id", flat=True).distinct())


def is_series_reported(programme_id: UUID, series_uid: str) -> bool:
    """Whether a report on images of this series waits for a decision."""
    waiting = ReportedImage.objects.filter(report__state=ReportState.OPEN)
    return waiting.filter(image__programme_id=programme_id, image__series_uid=series_uid).exists()


def _standing() -> QuerySet[ReportedImage]:
    return ReportedImage.objects.exclude(report__state=ReportState.DISMISSED)
