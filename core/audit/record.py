"""Writes one event of the audit trail, inside the transaction of the act that it tells of."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from core.actors import Actor
from core.audit.models import Event
from core.bulk import insert
from core.canonical import canonical_json

# Ids, codes, digests and numbers have no spaces and no '@'; names, addresses and sentences do. A value that does
# not look like a code is a programming error and stops the act, so that no personal value can slip in.
CODE = re.compile(r"[A-Za-z0-9_.:,+/\-]{0,200}")
#: Events that wait for the end of a `gathered` transaction.
_waiting: ContextVar[list[Event] | None] = ContextVar("waiting events", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """A transaction whose events are all written by one statement at its end: for deeds that are done thousandfold."""
    with transaction.atomic():
        events: list[Event] = []
        token = _waiting.set(events)
        try:
            yield
        finally:
            _waiting.reset(token)
        insert(Event, events)


def record(verb: str, subject: models.Model, *, by: Actor, data: Mapping[str, Any] | None = None) -> Event:
    """Records that `by` did `verb` to `subject`; `data` holds ids, codes, digests and numbers only.

    Raises ValueError for a value that could be personal, which rolls the act back.
    """
    event = _event(verb, subject, by, _told(data))
    _write([event])
    return event


def record_all(
    verb: str, subjects: Sequence[models.Model], *, by: Actor, data: Mapping[str, Any] | None = None
) -> None:
    """Records one event for each subject, as `record` would, with the same `data`; all of them are written at once."""
    told = _told(data)
    _write([_event(verb, subject, by, told) for subject in subjects])


def _write(events: list[Event]) -> None:
    if (waiting := _waiting.get()) is not None:
        waiting.extend(events)
    elif len(events) == 1:
        events[0].save(force_insert=True)
    else:
        insert(Event, events)


def _event(verb: str, subject: models.Model, by: Actor, told: str) -> Event:
    return Event(
        programme_id=getattr(subject, "programme_id", None),
        at=timezone.now(),
        actor=by.actor_id,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        data=told,
    )


def _told(data: Mapping[str, Any] | None) -> str:
    return canonical_json(plain(dict(data or {})))


def plain(value: Any) -> Any:
    """`value` with ids as text; raises ValueError for text that is not a code."""
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str) and CODE.fullmatch(value):
        return str(value)
    raise ValueError("an audit event holds ids, codes and numbers only")
