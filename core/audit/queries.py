"""What may be read of the audit trail: an auditor reads the programmes that they audit."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from core.audit.models import ChainHead, Event
from core.audit.work import CHAIN, first_break


def events_of(programmes: Iterable[UUID]) -> QuerySet[Event]:
    """The events of these programmes, newest first."""
    return Event.objects.filter(programme_id__in=list(programmes)).order_by("-id")


def events_about(subject_ids: Iterable[UUID]) -> QuerySet[Event]:
    """The events about these things, oldest first."""
    return Event.objects.filter(subject_id__in=list(subject_ids)).order_by("id")


@dataclass(frozen=True)
class ChainState:
    """How far the chain is sealed, and the sequence at which it breaks (None when it holds)."""

    sealed: int
    digest: str
    broken_at: int | None


def chain_state(latest: int = 2000) -> ChainState:
    """Checks the newest `latest` sealed events against each other; `manage.py verify_audit` checks all of them."""
    head = ChainHead.objects.filter(name=CHAIN).first()
    if head is None:
        return ChainState(0, "", None)
    return ChainState(head.sequence, head.digest, first_break(after=max(0, head.sequence - latest)))
