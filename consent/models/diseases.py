"""The diseases that an operator has loaded, over the small list that is built in."""

from django.db import models
from django.utils import timezone

from core.rows import Row, privacy


@privacy(plain="digest source size loaded_at loaded_by")
class Ontology(Row):
    """One load of a file of diseases. The newest is in use; the rows of older ones stay, without their diseases."""

    digest = models.CharField(max_length=64)
    #: What the file says it is, with its licence.
    source = models.CharField(max_length=500, blank=True)
    size = models.PositiveIntegerField()
    loaded_at = models.DateTimeField(default=timezone.now)
    loaded_by = models.CharField(max_length=80)


@privacy(plain="ontology code label parents")
class Disease(Row):
    """One disease of the ontology in use; `parents` are the ids that it is a kind of, with spaces between."""

    ontology = models.ForeignKey(Ontology, on_delete=models.CASCADE, related_name="diseases")
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=500)
    parents = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ontology", "code"], name="disease_once")]
