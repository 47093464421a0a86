"""Ties signatures and withdrawals to their entries in the public log, and says where the log does not hold them."""

from consent.models import LogEntry, Signature, Withdrawal
from core.audit.alarms import raise_alarm
from core.audit.models import Event


def tie(event: Event, *, signature: Signature | None = None, withdrawal: Withdrawal | None = None) -> LogEntry:
    """Notes, in the transaction of the act, which event of the log the receipt will be about."""
    return LogEntry.objects.create(signature=signature, withdrawal=withdrawal, event_id=event.pk)


def report_broken_log(entry: LogEntry, code: str) -> None:
    """Tells the stewards that the log does not hold what a donor's receipt says; once, for as long as it lasts."""
    raise_alarm(code, entry.pk)
