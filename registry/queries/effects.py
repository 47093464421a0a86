"""What a donor's change would do to their images, the collections that hold them and the projects that use them."""

from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone

from consent import queries as consent
from consent.rules.effects import CHOICES, Change, Effect, counted, named
from consent.rules.withdrawing import WithdrawalKind
from registry.models import Dataset, DonatedFile, Donation, Grant, VersionEntry
from registry.queries.access import use_in
from registry.rules import selection
from registry.rules.lifecycle import DonationState, FileState, GrantState, VersionState


def foreseen(donor_id: UUID, change: Change) -> Iterator[Effect]:
    """The sentences, in the order in which they are read; nothing where nothing would happen."""
    if change.kind == WithdrawalKind.NO_CONTACT:
        return
    yield from _files(donor_id, change)
    yield from _collections(donor_id, change)
    yield from _projects(donor_id, change)


def _files(donor_id: UUID, change: Change) -> Iterator[Effect]:
    if change.ends:
        files = DonatedFile.objects.filter(donation__donor_id=donor_id)
        number = files.exclude(state__in=[FileState.REMOVED, FileState.DUPLICATE]).count()
        if number:
            words = counted(number, "image that you gave is", "images that you gave are")
            yield Effect(f"{words} deleted, with every copy that we made.", is_final=True)
    unsent = [DonationState.OPEN, DonationState.STOPPED]
    if change.kind == WithdrawalKind.NOTHING_NEW:
        if Donation.objects.filter(donor_id=donor_id, state__in=unsent).exists():
            yield Effect("The donation that you have not sent yet is taken back and deleted.", is_final=True)
        if DonatedFile.objects.filter(donation__donor_id=donor_id, state=FileState.RECEIVED).exists():
            yield Effect("Images that are still being checked are kept, and used only if you allow new uses again.")


def _collections(donor_id: UUID, change: Change) -> Iterator[Effect]:
    """Collections whose newest version holds the donor."""
    living = VersionEntry.objects.filter(donor_id=donor_id, tombstoned_at=None)
    held = living.filter(version__state=VersionState.FROZEN).values("version__dataset_id")
    datasets = list(Dataset.objects.filter(pk__in=held))
    if change.kind == CHOICES:
        datasets = [each for each in datasets if not _takes(each, change)]
    if not datasets:
        return
    number, titles = counted(len(datasets), "collection"), named(each.title for each in datasets)
    if change.ends:
        yield Effect(f"{number} with your scans: closed to new use at once, and made again without you{titles}.")
    elif change.kind == CHOICES:
        yield Effect(f"Your scans leave {number} when a new version is made{titles}.")
    else:
        yield Effect(f"New versions of {number} are made without your scans{titles}.")


def _takes(dataset: Dataset, change: Change) -> bool:
    use = selection.parse(dataset.rule).use
    return use is None or change.permits(use)


def _projects(donor_id: UUID, change: Change) -> Iterator[Effect]:
    """Projects whose agreement is signed and runs, over versions that hold the donor."""
    living = VersionEntry.objects.filter(donor_id=donor_id, tombstoned_at=None)
    grants = list(
        Grant.objects.filter(
            version_id__in=living.values("version_id"), state=GrantState.ACTIVE, expires_at__gt=timezone.now()
        ).select_related("request")
    )
    now = {grant for grant in grants if consent.verdict_for(donor_id, use_in(grant)).allowed}
    then = {grant for grant in grants if change.permits(use_in(grant))}
    for which, one, many in (
        (now - then, "research project can no longer use", "research projects can no longer use"),
        (now & then, "research project goes on using", "research projects go on using"),
        (
            then - now if change.kind == CHOICES else set(),
            "more research project may use",
            "more research projects may use",
        ),
    ):
        if which:
            words = counted(len(which), one, many)
            yield Effect(f"{words} your scans{named(grant.request.title for grant in which)}.")
