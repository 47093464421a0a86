"""Manifests that no version has: a freezing that was killed leaves them, and they may hold whoever withdraws."""

from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from core.actors import Actor
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from registry.models import DatasetVersion, Donation
from registry.rules.manifest import MEDIA_TYPE


def loose(programme_id: UUID) -> QuerySet[StoredObject]:
    """Those of one programme that are not erased; one that is being written now is among them."""
    named = DatasetVersion.objects.exclude(manifest=None).values("manifest_id")
    mine = StoredObject.objects.filter(zone=Zone.CLEAN, media_type=MEDIA_TYPE, programme_id=programme_id)
    return mine.exclude(state=ObjectState.ERASED).exclude(pk__in=named)


def erase_loose(donor_id: UUID, *, by: Actor) -> None:
    """Takes all of them for the donor who withdraws, so that no version can have them any more, and erases them.

    Which donors one names is known only from its bytes; a freezing that goes on writes its manifest again.
    """
    given = Donation.objects.filter(donor_id=donor_id).first()
    if given is None:
        return  # nobody's list names who gave nothing
    programme_id = given.programme_id
    with transaction.atomic():
        found = sorted(loose(programme_id).filter(donor_id=None).values_list("pk", flat=True))
        for pk in found:
            # Locks the row against a worker that is about to give it to a version; afterwards it is looked at anew.
            StoredObject.objects.filter(pk=pk).update(state=F("state"))
        still = list(loose(programme_id).filter(pk__in=found).values_list("pk", flat=True))
        StoredObject.objects.filter(pk__in=still).update(donor_id=donor_id)
    storage.erase(loose(programme_id).exclude(donor_id=None), by=by, why="withdrawal")


def hold_manifest(manifest: StoredObject) -> bool:
    """Locks a manifest in the transaction that gives it to a version; False where a withdrawal has taken it."""
    mine = StoredObject.objects.filter(pk=manifest.pk, state=ObjectState.STORED, donor_id=None)
    return bool(mine.update(state=F("state")))
