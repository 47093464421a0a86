"""Seals recorded events into a hash chain, so that a later edit, deletion or reordering is found."""

from django.db import connection, transaction

from core.audit.models import ChainHead, Event
from core.canonical import digest_of

CHAIN = "events"


def event_digest(previous: str, sequence: int, event: Event) -> str:
    """SHA-256 over the previous digest and everything that the event says."""
    return digest_of(
        [previous, sequence, str(event.id), str(event.programme_id), event.at.isoformat(), event.actor, event.verb,
         event.subject_type, str(event.subject_id), event.data]
    )  # fmt: skip


def seal(limit: int = 1000) -> int:
    """Gives up to `limit` unsealed events their place in the chain; returns how many. Safe to run twice at once."""
    head, _ = ChainHead.objects.get_or_create(name=CHAIN)
    events = list(Event.objects.filter(sequence=None).order_by("id")[:limit])
    if not events:
        return 0
    with transaction.atomic():
        # The row's old sequence is the token: of two sealers, one finds it moved and seals nothing.
        end = head.sequence + len(events)
        if not ChainHead.objects.filter(pk=head.pk, sequence=head.sequence).update(sequence=end):
            return 0
        digest = head.digest
        for sequence, event in enumerate(events, head.sequence + 1):
            digest = event_digest(digest, sequence, event)
            event.sequence, event.digest = sequence, digest
        _write(events)
        ChainHead.objects.filter(pk=head.pk).update(digest=digest)
    return len(events)


def _write(events: list[Event]) -> None:
    """Writes the events' places by one statement for all of them; bulk_update would make a CASE for each."""
    own = Event._meta
    keys = [own.pk.get_db_prep_value(event.pk, connection) for event in events]
    places = [(event.sequence, event.digest, key) for event, key in zip(events, keys, strict=True)]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {own.db_table} SET sequence = %s, digest = %s WHERE id = %s", places)  # noqa: S608


def first_break(*, after: int = 0) -> int | None:
    """The first sequence beyond `after` at which the sealed chain no longer holds, or None when all of it does."""
    # The head is read first: what is sealed while we look lies beyond it and breaks nothing.
    head = ChainHead.objects.filter(name=CHAIN).first() or ChainHead()
    before = Event.objects.filter(sequence=after).values_list("digest", flat=True).first()
    digest, last = before or "0" * 64, after
    sealed = Event.objects.filter(sequence__gt=after, sequence__lte=head.sequence)
    for event in sealed.order_by("sequence").iterator():
        if event.sequence != last + 1 or event.digest != event_digest(digest, last + 1, event):
            return last + 1
        digest, last = event.digest, last + 1
    return None if (head.sequence, head.digest) == (last, digest) else last + 1
