"""Whether a version waits for more leavers or joiners, so that comparing it with the one before singles out nobody."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils import timezone

from core.accounts.models import Programme
from registry.models import DatasetVersion
from registry.queries.datasets import selected_images
from registry.rules import selection
from registry.rules.batches import wait_until
from registry.rules.lifecycle import VersionState


def waits_until(version: DatasetVersion) -> datetime | None:
    """Until when a version that is to be frozen waits; None when it may be frozen now. Every freezing asks here."""
    return max((until for until in _waits(version) if until is not None), default=None)


def _waits(version: DatasetVersion) -> tuple[datetime | None, datetime | None]:
    """Until when it waits for more leavers, and for more joiners."""
    programme = Programme.objects.get(pk=version.programme_id)
    before = _published(version)
    if programme.leavers_per_version <= 1 or version.state != VersionState.FREEZING or before is None:
        return None, None
    come = {image.donor_id for image in selected_images(selection.parse(version.rule), version.programme_id)}
    gone = before.entries.exclude(donor_id__in=come)
    moments = gone.exclude(tombstoned_at=None).values_list("tombstoned_at", flat=True)
    left = [moment for moment in moments if moment is not None]
    leavers = gone.order_by().values("donor_id").distinct().count()
    joiners = len(come.difference(before.entries.order_by().values_list("donor_id", flat=True).distinct()))
    wait = partial(
        wait_until,
        least=programme.leavers_per_version,
        days=programme.version_wait_days,
        asked_at=version.created_at,
        now=timezone.now(),
    )
    return wait(leavers, left), wait(joiners, [])


def contents_wait_until(version: DatasetVersion) -> datetime | None:
    """Until when it is not shown what is left in a closed version, because its successor waits for more leavers."""
    if version.state != VersionState.CLOSED:
        return None
    coming = DatasetVersion.objects.filter(dataset_id=version.dataset_id, state=VersionState.FREEZING).first()
    return _waits(coming)[0] if coming is not None and _published(coming) == version else None


def successor_days(programme_id: UUID) -> int:
    """Within how many days the versions without a leaver are there."""
    programme = Programme.objects.get(pk=programme_id)
    return 2 + (programme.version_wait_days if programme.leavers_per_version > 1 else 0)


def _published(version: DatasetVersion) -> DatasetVersion | None:
    """The newest version of the same dataset that was ever frozen, which is what the new one is compared with."""
    frozen = DatasetVersion.objects.filter(dataset_id=version.dataset_id).exclude(frozen_at=None)
    return frozen.order_by("-major", "-minor", "-patch").first()
