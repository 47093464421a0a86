"""What may be read of the audit trail: an auditor reads the programmes that they audit."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from core.audit.models import Event


def events_of(programmes: Iterable[UUID]) -> QuerySet[Event]:
    """The events of these programmes, newest first."""
    return Event.objects.filter(programme_id__in=list(programmes)).order_by("-id")


def events_about(subject_ids: Iterable[UUID]) -> QuerySet[Event]:
    """The events about these things, oldest first."""
    return Event.objects.filter(subject_id__in=list(subject_ids)).order_by("id")
