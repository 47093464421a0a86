"""Draws planted writing into a copy of one picture of a series; the real picture and every output stay as they are."""

import hmac
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consent.queries import may_donate
from core.errors import Conflict, Missing
from core.lifecycle import hold, move
from core.storage.work import erase, read, reserve, write
from core.storage.zones import Zone
from curation.models import Derivation, Probe
from curation.queries import images, sample_key
from curation.rules.lifecycle import OPEN, ProbeState
from curation.rules.writing import write_into
from curation.work.actor import CLEANER


def draw_probe(probe_id: UUID) -> datetime | None:
    """Draws what is to be planted, unless the series was decided meanwhile. Safe to run twice.

    A kill leaves an object that nothing names, which a sweep erases.
    """
    probe = Probe.objects.select_related("series").get(pk=probe_id)
    if probe.state != ProbeState.DRAWING or probe.series.state not in OPEN or not may_donate(probe.series.donor_id):
        return None  # a sweep makes it void
    image = _chosen(probe)
    if image is None or image.render is None:
        return None
    try:
        png, place = write_into(read(image.render), _seed(probe))
    except Missing:
        return None  # erased in this moment: the series is withdrawn or rejected
    render = reserve(
        Zone.REVIEW,
        programme_id=probe.programme_id,
        donor_id=probe.series.donor_id,
        media_type="image/png",
    )
    try:
        write(render, png, by=CLEANER)
        with transaction.atomic():
            hold(probe.series)
            if probe.series.state not in OPEN or probe.series.round != probe.round:
                raise Conflict("The series was decided meanwhile.", "changed")
            move(probe, ProbeState.READY, by=CLEANER, derivation=image, render=render, **place._asdict())
    except Conflict:
        render.refresh_from_db()
        erase([render], by=CLEANER, why="superseded")
    return None


def _chosen(probe: Probe) -> Derivation | None:
    """The picture that is doctored: any of the series, by the same keyed hash for ever."""
    found = list(images().filter(series_id=probe.series_id).exclude(render=None).select_related("render"))
    return found[int(_seed(probe)[:8], 16) % len(found)] if found else None


def _seed(probe: Probe) -> str:
    """A number in hexadecimal digits that says nothing to anyone without the key, and is the same for ever."""
    return hmac.digest(sample_key("writing"), probe.pk.bytes, "sha256").hex()
