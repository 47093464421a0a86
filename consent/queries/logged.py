"""What the public log says of a donor's receipts: their proofs, and whether it still holds what it held."""

from typing import Any

from django.db.models import QuerySet

from consent.models import Donor, LogEntry, Withdrawal
from core.audit import checks
from core.audit.queries import entry, head_of_size, published_keys


def entries_of(donor: Donor) -> QuerySet[LogEntry]:
    """The entries about a donor's signatures, oldest first."""
    return LogEntry.objects.filter(signature__donor=donor).select_related("signature")


def entries_of_withdrawal(withdrawal: Withdrawal) -> QuerySet[LogEntry]:
    """The entries about a withdrawal: that it was made, and that it is complete."""
    return LogEntry.objects.filter(withdrawal=withdrawal)


def log_problem(found: LogEntry) -> str | None:
    """Whether the log still holds this entry, and all that it held when its head was given; None, or an alarm's code.

    A head that was never given yet is no problem: the entry waits to be sealed.
    """
    if found.size is None:
        return None
    return checks.kept_event(found.event_id) or checks.kept_head(found.head)


def log_proofs(entries: QuerySet[LogEntry]) -> dict[str, Any] | None:
    """What a receipt carries so that `verify.py` can check it offline, or None while an entry waits to be sealed."""
    sealed = [(found.event_id, found.size) for found in entries if found.size is not None]
    if not sealed:
        return None
    return {
        "keys": published_keys(),
        "entries": [entry(event_id, head_of_size(size)) for event_id, size in sealed],
    }
