"""Lets tests empty, and tamper with, tables that are append-only: the guards are taken away and put back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from consent.models.logged import GUARD as CONSENT
from core.append_only import WATCHED, Guard
from core.audit import outside
from core.audit.models import GUARDS as AUDIT


def guards() -> tuple[Guard, ...]:
    """Every guard of the house."""
    return tuple(WATCHED.values())


def let_flush() -> None:
    """Flushing, after tests that commit, goes past the guards, and forgets what was signed as well."""
    operations = type(connection.ops)
    plain = operations.sql_flush

    def flush(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        statements = plain(self, *args, **kwargs)
        vendor = connection.vendor
        for place in outside.PLACES:
            if place.read():
                place.write("")
        off = [statement for guard in guards() for statement in guard.drop(vendor)]
        return [*off, *statements, *(on for guard in guards() for on in guard.create(vendor))] if statements else []

    operations.sql_flush = flush  # type: ignore[method-assign]  # for as long as tests run


@contextmanager
def unguarded(*more: Guard) -> Iterator[None]:
    """What someone with the database's own password can do: the log's guards, and `more`, are off inside."""
    off = dict.fromkeys((*AUDIT, CONSENT, *more))
    with connection.cursor() as cursor:
        for guard in off:
            for statement in guard.drop(connection.vendor):
                cursor.execute(statement)
        try:
            yield
        finally:
            for guard in off:
                for statement in guard.create(connection.vendor):
                    cursor.execute(statement)
