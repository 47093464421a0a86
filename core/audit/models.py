"""The audit trail's tables: events as they were recorded, and the head of the chain that seals them."""

from django.db import models

from core.rows import Row, privacy


@privacy(plain="programme_id at actor verb subject_type subject_id data sequence digest")
class Event(Row):
    """One thing that happened. `data` is canonical JSON of ids and codes; the sealer gives `sequence`."""

    programme_id = models.UUIDField(null=True, db_index=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80, db_index=True)
    verb = models.CharField(max_length=80, db_index=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField(db_index=True)
    data = models.TextField()
    sequence = models.BigIntegerField(null=True, unique=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("id",)


@privacy(plain="name sequence digest")
class ChainHead(Row):
    """How far the chain is sealed; one row, moved by compare-and-set."""

    name = models.CharField(max_length=20, unique=True)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)
