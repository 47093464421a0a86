"""Studies that came from two accounts: who shares one, and which images are of one that a leaver gave too."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.models import DonatedFile, GivenStudy, Image
from registry.rules.kin import first_of_each
from registry.rules.lifecycle import DonationState, FileState

SENT = (DonationState.SUBMITTED, DonationState.SETTLED)


def given_studies(programme_id: UUID) -> QuerySet[GivenStudy]:
    """Studies that were given: files of them were sent off and are the donor's, or the donor has left since."""
    files = DonatedFile.objects.filter(
        donation__donor_id=OuterRef("donor_id"), donation__state__in=SENT, study_key=OuterRef("study_key")
    ).exclude(state__in=[FileState.HELD, FileState.REMOVED])
    return GivenStudy.objects.filter(Q(left_at__isnull=False) | Exists(files), programme_id=programme_id)


def shared_studies(programme_id: UUID) -> dict[str, list[UUID]]:
    """The studies that several donors of a programme gave, each with those donors, who gave it first before others."""
    found: dict[str, list[UUID]] = defaultdict(list)
    for study, donor_id in given_studies(programme_id).order_by("created_at", "pk").values_list("study", "donor_id"):
        found[study].append(donor_id)
    return {study: donors for study, donors in found.items() if len(donors) > 1}


def in_one_part(programme_id: UUID) -> Mapping[UUID, UUID]:
    """Donor -> the donor whose part of a dataset they share, for donors who gave a study that another gave as well."""
    return first_of_each(shared_studies(programme_id).values())


def images_of_others(donor_id: UUID) -> QuerySet[Image]:
    """Other donors' images of the studies that this donor gave, who has withdrawn."""
    mine = GivenStudy.objects.filter(donor_id=donor_id, left_at__isnull=False)
    others = GivenStudy.objects.filter(
        study__in=mine.values("study"), programme_id__in=mine.values("programme_id")
    ).exclude(donor_id=donor_id)
    return _images(others)


def images_that_a_leaver_gave(donor_id: UUID, file_ids: Iterable[UUID]) -> QuerySet[Image]:
    """Those of the donor's images, of these files, whose study another donor gave who has withdrawn since."""
    left = GivenStudy.objects.filter(study=OuterRef("study"), programme_id=OuterRef("programme_id"))
    left = left.filter(left_at__isnull=False).exclude(donor_id=donor_id)
    return _images(GivenStudy.objects.filter(Exists(left), donor_id=donor_id)).filter(file_id__in=list(file_ids))


def _images(given: QuerySet[GivenStudy]) -> QuerySet[Image]:
    same = given.filter(donor_id=OuterRef("donation__donor_id"), study_key=OuterRef("study_key"))
    files = DonatedFile.objects.filter(Exists(same)).exclude(study_key="")
    return Image.objects.filter(file_id__in=files.values("pk")).order_by("pk")
