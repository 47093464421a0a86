"""What a donor's change would do to their images, the collections that hold them and the projects that use them."""

from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from consent import queries as consent
from consent.rules.effects import CHOICES, Change, Effect
from consent.rules.withdrawing import WithdrawalKind
from core.design.formats import grouped
from registry.models import Dataset, DonatedFile, Donation, Grant, VersionEntry
from registry.queries.asked import asked_in, ready_to_ask
from registry.rules import selection
from registry.rules.lifecycle import UNSENT, FileState, GrantState, VersionState

#: What becomes of collections that hold the donor, by what the donor does; and of projects that use them.
LEAVING = ngettext_lazy(
    "%(n)s collection with your scans: closed to new use at once, and made again without you%(titles)s.",
    "%(n)s collections with your scans: closed to new use at once, and made again without you%(titles)s.",
    "number",
)
NARROWED = ngettext_lazy(
    "Your scans leave %(n)s collection when a new version is made%(titles)s.",
    "Your scans leave %(n)s collections when a new version is made%(titles)s.",
    "number",
)
LIMITED = ngettext_lazy(
    "New versions of %(n)s collection are made without your scans%(titles)s.",
    "New versions of %(n)s collections are made without your scans%(titles)s.",
    "number",
)
STOPPED = ngettext_lazy(
    "%(n)s research project can no longer use your scans%(titles)s.",
    "%(n)s research projects can no longer use your scans%(titles)s.",
    "number",
)
GOING_ON = ngettext_lazy(
    "%(n)s research project goes on using your scans%(titles)s.",
    "%(n)s research projects go on using your scans%(titles)s.",
    "number",
)
ADDED = ngettext_lazy(
    "%(n)s more research project may use your scans%(titles)s.",
    "%(n)s more research projects may use your scans%(titles)s.",
    "number",
)


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
        text = ngettext(
            "%(n)s image that you gave is deleted, with every copy that we made.",
            "%(n)s images that you gave are deleted, with every copy that we made.",
            number,
        )
        if number:
            yield Effect(text % {"n": grouped(number)}, is_final=True)
    if change.kind == WithdrawalKind.NOTHING_NEW:
        if Donation.objects.filter(donor_id=donor_id, state__in=UNSENT).exists():
            yield Effect(_("The donation that you have not sent yet is taken back and deleted."), is_final=True)
        if DonatedFile.objects.filter(donation__donor_id=donor_id, state=FileState.RECEIVED).exists():
            yield Effect(_("Images that are still being checked are kept, and used only if you allow new uses again."))


def _collections(donor_id: UUID, change: Change) -> Iterator[Effect]:
    """Collections whose newest version holds the donor."""
    living = VersionEntry.objects.filter(donor_id=donor_id, tombstoned_at=None)
    held = living.filter(version__state=VersionState.FROZEN).values("version__dataset_id")
    datasets = list(Dataset.objects.filter(pk__in=held))
    if change.kind == CHOICES:
        datasets = [each for each in datasets if not _takes(each, change)]
    if datasets:
        sentence = LEAVING if change.ends else NARROWED if change.kind == CHOICES else LIMITED
        yield consent.counted(sentence, len(datasets), [each.title for each in datasets])


def _takes(dataset: Dataset, change: Change) -> bool:
    use = selection.parse(dataset.rule).use
    return use is None or consent.goes_on(change, use)


def _projects(donor_id: UUID, change: Change) -> Iterator[Effect]:
    """Projects whose agreement is signed and runs, over versions that hold the donor."""
    living = VersionEntry.objects.filter(donor_id=donor_id, tombstoned_at=None)
    running = Grant.objects.filter(
        version_id__in=living.values("version_id"), state=GrantState.ACTIVE, expires_at__gt=timezone.now()
    )
    grants = list(ready_to_ask(running))
    permits = consent.answers_of(donor_id)
    now = {grant for grant in grants if permits(asked_in(grant)).allowed}
    then = {grant for grant in grants if consent.goes_on(change, asked_in(grant))}
    added = then - now if change.kind == CHOICES else set()
    for which, sentence in ((now - then, STOPPED), (now & then, GOING_ON), (added, ADDED)):
        if which:
            yield consent.counted(sentence, len(which), [grant.request.title for grant in which])
