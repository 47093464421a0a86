"""Admits what a curator accepted: clean images become available to datasets."""

from uuid import UUID

from django.db import IntegrityError, transaction

from consent import queries as consent
from core.accounts.permissions import require
from core.accounts.roles import Role
from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict
from registry.models import Image
from registry.queries.recall import is_series_reported
from registry.rules.admission import AdmittedImage, AdmittedSeries
from registry.work.sharing import stop_what_a_leaver_gave


def admit_images(*, series: AdmittedSeries, by: Actor) -> int:
    """Makes the series' images available; returns how many are new. Admitting twice changes nothing.

    An image that another donation brought already (the same keyed UID) is left out. Raises Conflict when the donor's
    consent is not in force, or while a report on the series waits for a decision.
    """
    require(by, series.programme_id, Role.CURATOR)
    with transaction.atomic():
        if not consent.may_donate(series.donor_id):
            raise Conflict("The donor's consent is no longer in force.", "no_consent")
        if series.images and is_series_reported(series.programme_id, series.images[0].series_uid):
            raise Conflict("Somebody reported this series. A steward has to decide on the report first.", "reported")
        admitted = [image for found in series.images if (image := _admit(series, found)) is not None]
        if admitted:
            stop_what_a_leaver_gave(series.donor_id, [image.file_id for image in admitted], by=by)
            record("images.admitted", admitted[0], by=by, data={"count": len(admitted), "donor": series.donor_id})
    return len(admitted)


def _admit(series: AdmittedSeries, found: AdmittedImage) -> Image | None:
    if Image.objects.filter(file_id=found.file_id).exists():
        return None
    try:
        with transaction.atomic():
            return Image.objects.create(
                programme_id=series.programme_id,
                donor_id=series.donor_id,
                labels=dict(series.labels),
                **_columns(found),
            )
    except IntegrityError:
        return None


def _columns(found: AdmittedImage) -> dict[str, str | int | UUID]:
    return {name: getattr(found, name) for name in AdmittedImage.__dataclass_fields__}
