"""Makes the row of a new version under the next free number."""

from django.db import IntegrityError, transaction
from django.db.models import F

from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict
from registry.models import Dataset, DatasetVersion
from registry.rules.versions import next_number, written

TRIES = 5


def hold(dataset: Dataset) -> None:
    """Locks the dataset's row until the caller's transaction ends, so that its versions are made one after another."""
    Dataset.objects.filter(pk=dataset.pk).update(slug=F("slug"))


def mint(dataset: Dataset, bump: str, *, reason: str, by: Actor, made_from: DatasetVersion | None) -> DatasetVersion:
    """A version that is to be frozen, numbered after the dataset's highest; inside the caller's transaction.

    Of two who mint at once one takes the number after the other's. Raises Invalid for an unknown bump.
    """
    for _ in range(TRIES):
        highest = dataset.versions.order_by("-major", "-minor", "-patch").values_list("major", "minor", "patch").first()
        number = next_number(highest, bump)
        major, minor, patch = number
        try:
            with transaction.atomic():
                version = DatasetVersion.objects.create(
                    dataset=dataset,
                    programme_id=dataset.programme_id,
                    number=written(number),
                    major=major,
                    minor=minor,
                    patch=patch,
                    rule=dataset.rule,
                    reason=reason,
                    made_from=made_from,
                    created_by=by.actor_id,
                )
        except IntegrityError:
            continue
        record("version.minted", version, by=by, data={"number": version.number, "reason": reason})
        return version
    raise Conflict("Someone else is making versions of this dataset right now. Try again.", "busy")
