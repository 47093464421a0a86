"""Gives receipts the log's heads, looks whether the log still holds them, and tells stewards where it does not."""

from uuid import UUID

from django.db.models import QuerySet

from consent.models import LogEntry, TermsRow
from consent.queries.logged import log_problem
from consent.queries.use import is_genuine
from core.accounts.models import Programme
from core.accounts.queries import members
from core.accounts.roles import Role
from core.audit.alarms import clear, raise_alarm
from core.audit.queries import first_head_with, open_alarms
from core.due.places import next_piece
from core.notifications.send import notify

AT_ONCE, LOOKED_AT = 200, 3


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
    for entry in next_piece("consent.logged", LogEntry.objects.filter(size__isnull=False), LOOKED_AT):
        look_at(entry)
    look_at_terms()
    tell_stewards()


def look_at_terms() -> None:
    """Looks at the next terms, and at those of which an alarm is open: is each text that of its digest?"""
    batch = next_piece("consent.terms", TermsRow.objects.all(), AT_ONCE)
    open_for = [UUID(alarm.subject) for alarm, _ in open_alarms() if alarm.code == "terms"]
    for row in [*batch, *TermsRow.objects.filter(pk__in=open_for)]:
        if is_genuine(row.digest, row.canonical):
            clear("terms", row.pk)
        else:
            raise_alarm("terms", row.pk)


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
