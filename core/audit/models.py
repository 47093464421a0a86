"""The audit trail's tables: events, the chain and the tree that seal them, signed heads, witnesses and alarms."""

import secrets

from django.db import models
from django.utils import timezone

from core.append_only import AppendOnlyRow, Guard, Step
from core.rows import Row, privacy


def new_salt() -> bytes:
    """32 random bytes, without which nobody can tell which event a leaf of the log is about."""
    return secrets.token_bytes(32)


@privacy(plain="programme_id at actor verb subject_type subject_id data salt sequence digest commitment leaf")
class Event(AppendOnlyRow, Row):
    """One thing that happened. `data` is canonical JSON of ids and codes; the sealer gives the last four columns.

    `digest` is the chain's, `commitment` the salted one that the leaf holds, `leaf` the leaf's hash.
    """

    programme_id = models.UUIDField(null=True, db_index=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80, db_index=True)
    verb = models.CharField(max_length=80, db_index=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField(db_index=True)
    data = models.TextField()
    salt = models.BinaryField(default=new_salt)
    sequence = models.BigIntegerField(null=True, unique=True)
    digest = models.CharField(max_length=64, blank=True)
    commitment = models.BinaryField(default=bytes)
    leaf = models.BinaryField(null=True, unique=True)

    class Meta:
        ordering = ("id",)


@privacy(plain="name sequence digest")
class ChainHead(Row):
    """How far the chain is sealed; one row, moved by compare-and-set. Another says how far it was checked lately."""

    name = models.CharField(max_length=20, unique=True)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)


@privacy(plain="level index hashes root")
class Tile(AppendOnlyRow, Row):
    """256 neighbouring hashes of one level of the tree, written once all are there (core/merkle/tiles.py)."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tile_once")]


@privacy(plain="size root note at")
class SignedHead(AppendOnlyRow, Row):
    """The log's head after a sealing, as it was signed and published. Its order is its size: no clock is trusted."""

    size = models.BigIntegerField(unique=True)
    root = models.CharField(max_length=64)
    note = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-size",)


@privacy(plain="text since")
class LogKey(AppendOnlyRow, Row):
    """A public key under which heads were signed; older ones stay published."""

    text = models.CharField(max_length=320, unique=True)
    since = models.DateTimeField(default=timezone.now)


@privacy(plain="name digest size seen_at failing_since last_error cosigned")
class Witness(Row):
    """Who is sent the newest head: the address's host and its digest (the address itself may hold a password)."""

    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    #: The size that it has seen, and what it signed of that, as it sent it.
    size = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    cosigned = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=60, blank=True)


@privacy(plain="code subject found_at cleared_at")
class LogAlarm(Row):
    """The log does not hold: how (a code) and where. Cleared by the check that finds it whole again."""

    code = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    found_at = models.DateTimeField(default=timezone.now)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "subject"], condition=models.Q(cleared_at=None), name="alarm_open_once"
            )
        ]


SEALED = ("sequence", "digest", "commitment", "leaf")
#: The database's own refusals, set up by migrations (core/append_only.py).
GUARDS = (
    Guard(
        "audit_event",
        ("id", "programme_id", "at", "actor", "verb", "subject_type", "subject_id", "data", "salt", *SEALED),
        unique=("id", "sequence", "leaf"),
        steps=(
            Step(SEALED, "OLD.sequence IS NULL AND NEW.sequence IS NOT NULL AND length(NEW.leaf) = 32"),
            Step(("salt",), "OLD.sequence IS NOT NULL AND length(NEW.salt) = 0"),
        ),
    ),
    Guard("audit_tile", ("id", "level", "index", "hashes", "root")),
    Guard("audit_signedhead", ("id", "size", "root", "note", "at"), unique=("id", "size")),
    Guard("audit_logkey", ("id", "text", "since"), unique=("id", "text")),
)
