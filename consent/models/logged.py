"""Where signatures and withdrawals stand in the public log, and the head of it that the donor was given first."""

from django.db import models

from consent.models.consents import Signature
from consent.models.withdrawals import Withdrawal
from core.append_only import AppendOnlyRow, Guard, Step
from core.rows import Row, privacy


@privacy(plain="signature withdrawal event_id size head")
class LogEntry(AppendOnlyRow, Row):
    """One entry of the log that a receipt, or a withdrawal's certificate, is about.

    `head` is the first signed head with the entry in it, of `size` entries: kept here as the donor keeps it, so that
    each of their visits can see whether the log of that day still begins with it.
    """

    signature = models.OneToOneField(Signature, null=True, on_delete=models.PROTECT, related_name="logged")
    withdrawal = models.ForeignKey(Withdrawal, null=True, on_delete=models.PROTECT, related_name="logged")
    event_id = models.UUIDField(unique=True)
    size = models.BigIntegerField(null=True)
    head = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(signature=None, withdrawal__isnull=False)
                | models.Q(signature__isnull=False, withdrawal=None),
                name="log_entry_of_one_thing",
            )
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(size=None), name="log_entry_waits")]


GUARD = Guard(
    "consent_logentry",
    ("id", "signature_id", "withdrawal_id", "event_id", "size", "head"),
    unique=("id", "event_id", "signature_id"),
    steps=(Step(("size", "head"), "OLD.size IS NULL AND NEW.size IS NOT NULL AND length(NEW.head) > 0"),),
)
