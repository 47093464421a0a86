"""Gives receipts the log's heads, looks whether the log still holds them, and tells stewards where it does not."""

from uuid import UUID

from django.core.cache import cache
from django.db.models import QuerySet

from consent.models import LogEntry, TermsRow
from consent.queries.logged import log_problem
from consent.queries.use import is_genuine
from core.accounts.models import Programme
from core.accounts.queries import members
from core.accounts.roles import Role
from core.audit.alarms import clear, raise_alarm
from core.audit.queries import first_head_with, open_alarms
from core.notifications.send import notify

AT_ONCE, LOOKED_AT = 200, 3
CURSOR, TERMS_CURSOR = "consent.logged.cursor", "consent.terms.cursor"


def give_heads() -> int:
    """Each entry that was sealed meanwhile gets the first head with it; returns how many did."""
    given = 0
    for entry in LogEntry.objects.filter(size=None).order_by("id")[:AT_ONCE]:
        head = first_head_with(entry.event_id)
        if head is not None:
            given += QuerySet(LogEntry).filter(pk=entry.pk, size=None).update(size=head.size, head=head.note)
    return given


def look_at_receipts() -> None:
    """Looks at the next few receipts as their donors' visits would, and tells stewards of whatever alarm is open."""
    last = cache.get(CURSOR)
    entries = LogEntry.objects.filter(size__isnull=False).order_by("id")
    batch = list(entries.filter(pk__gt=UUID(last))[:LOOKED_AT] if last else entries[:LOOKED_AT])
    for entry in batch:
        look_at(entry)
    cache.set(CURSOR, str(batch[-1].pk) if len(batch) == LOOKED_AT else None, None)
    look_at_terms()
    tell_stewards()


def look_at_terms() -> None:
    """Looks at the next terms, and at those of which an alarm is open: is each text that of its digest?"""
    last = cache.get(TERMS_CURSOR)
    rows = TermsRow.objects.order_by("id")
    batch = list(rows.filter(pk__gt=UUID(last))[:AT_ONCE] if last else rows[:AT_ONCE])
    open_for = [UUID(alarm.subject) for alarm, _ in open_alarms() if alarm.code == "terms"]
    for row in [*batch, *rows.filter(pk__in=open_for)]:
        if is_genuine(row.digest, row.canonical):
            clear("terms", row.pk)
        else:
            raise_alarm("terms", row.pk)
    cache.set(TERMS_CURSOR, str(batch[-1].pk) if len(batch) == AT_ONCE else None, None)


def look_at(entry: LogEntry) -> str | None:
    """Checks one receipt; alarms, or takes back an alarm."""
    problem = log_problem(entry)
    for code in ("receipt", "fork", "signature"):
        if code != problem:
            clear(code, entry.pk)
    if problem is not None:
        raise_alarm(problem, entry.pk)
    return problem


def tell_stewards() -> None:
    """A message to every steward for each alarm that is open, once."""
    for alarm, words in open_alarms():
        for programme in Programme.objects.all():
            for steward in members(programme.pk, Role.STEWARD):
                notify(
                    user_id=steward.pk,
                    title="The public log does not hold",
                    body=words,
                    link="/audit/",
                    dedupe=f"log:{alarm.pk}",
                )
