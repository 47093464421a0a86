"""Planted writing: whether curators see it is how well it is known that they see the real one."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from curation.models.cleaned import Derivation, Series
from curation.rules.lifecycle import PROBE_TRANSITIONS, ProbeState


@privacy(plain="series programme curator derivation round render left top width height state made_at ended_at")
class Probe(Row):
    """An invented name drawn into a copy of one picture of a series, shown to one curator in place of the real one.

    Only `render` is doctored: no output is, and nothing here touches the series' state. The place of the writing is
    in pixels of the render. `derivation` is None until a worker has drawn it.
    """

    TRANSITIONS: ClassVar[Transitions] = PROBE_TRANSITIONS

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="probes")
    curator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    derivation = models.ForeignKey(Derivation, null=True, on_delete=models.PROTECT, related_name="+")
    render = models.OneToOneField("storage.StoredObject", null=True, on_delete=models.PROTECT, related_name="+")
    left = models.PositiveIntegerField(default=0)
    top = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    state = state_field(ProbeState, ProbeState.DRAWING)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(ProbeState, "probe_state_known"),
            models.UniqueConstraint(fields=["series", "curator", "round"], name="one_probe_a_round"),
        ]
