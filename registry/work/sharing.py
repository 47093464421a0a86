"""A study that came from two accounts: noted when it comes, and stopped at the one when the other withdraws."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from core.actors import Actor
from registry.models import DonatedFile, GivenStudy, IdentityReport, Image
from registry.queries.sharing import given_studies, images_of_others, images_that_a_leaver_gave
from registry.rules.keyed import keyed
from registry.rules.lifecycle import ImageState, ReportState
from registry.rules.recall import Seen
from registry.work.recalling import stop
from registry.work.telling import tell_staff


def study_keys(programme_id: UUID, donor_id: UUID, digest: str) -> tuple[str, str]:
    """The digests of a study that hold in the programme and for the donor alone; `digest`: the SHA-256 of its UID.

    Empty where that is.
    """
    if not digest:
        return "", ""
    anybodys = keyed(settings.MASTER_KEY, "study of anybody", programme_id, digest)
    return anybodys, keyed(settings.MASTER_KEY, "study", donor_id, digest)


def note_study(file: DonatedFile, donor_id: UUID, study: str) -> None:
    """Notes that a donor gave a file of the study with this digest, if there is one. Safe to run twice."""
    if not study:
        return
    row = GivenStudy(programme_id=file.programme_id, donor_id=donor_id, study=study, study_key=file.study_key)
    GivenStudy.objects.bulk_create([row], ignore_conflicts=True)


def stop_shared(donor_id: UUID, *, by: Actor) -> None:
    """In the transaction of a withdrawal: other donors' images of the same studies wait for a steward. Once only."""
    mine = GivenStudy.objects.filter(donor_id=donor_id, left_at=None)
    given = [pk for programme in set(mine.values_list("programme_id", flat=True)) for pk in _given(programme, mine)]
    if GivenStudy.objects.filter(pk__in=given).update(left_at=timezone.now()):
        _stop(list(images_of_others(donor_id).filter(state=ImageState.AVAILABLE)), by)


def stop_what_a_leaver_gave(donor_id: UUID, file_ids: Sequence[UUID], *, by: Actor) -> None:
    """The same where images are accepted after the other donor has withdrawn, in the caller's transaction."""
    _stop(list(images_that_a_leaver_gave(donor_id, file_ids).filter(state=ImageState.AVAILABLE)), by)


def forget_studies(donor_id: UUID) -> None:
    """Deletes what says which studies a donor gave; of one that another donor gave as well, only that it is shared."""
    mine = GivenStudy.objects.filter(donor_id=donor_id)
    shared = GivenStudy.objects.filter(study__in=mine.values("study")).exclude(donor_id=donor_id)
    kept = list(mine.filter(study__in=shared.values("study")).values_list("pk", flat=True))
    mine.exclude(pk__in=kept).delete()
    mine.update(study_key="")


def _given(programme_id: UUID, mine: QuerySet[GivenStudy]) -> QuerySet[GivenStudy, UUID]:
    """The ids of those studies that were truly given: not of a relative's disc that was taken back."""
    return given_studies(programme_id).filter(pk__in=mine.values("pk")).values_list("pk", flat=True)


def _stop(images: Sequence[Image], by: Actor) -> None:
    """One report for each programme and donor, as long as a steward has not decided on it."""
    for programme_id, donor_id in sorted({(image.programme_id, image.donor_id) for image in images}):
        about = {"programme_id": programme_id, "same_study": True, "state": ReportState.OPEN}
        open_one = IdentityReport.objects.filter(**about, images__image__donor_id=donor_id).first()
        report = open_one or IdentityReport.objects.create(**about, seen=Seen.OTHER)
        stop(report, [image for image in images if image.donor_id == donor_id], by=by)
        tell_staff(report)
