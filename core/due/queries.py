"""What may be read of due work: what does not get done, for those who look after the registry."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.due.models import DueWork

#: So many attempts take about ten minutes; what has not worked by then needs a person.
MANY_ATTEMPTS = 8
#: Work that nobody has taken for so long: no worker runs, or none knows its kind.
TOO_LONG = timedelta(hours=1)


def stuck() -> QuerySet[DueWork]:
    """Open work that keeps failing or that nobody takes, longest waiting first."""
    waits = Q(due_at__lt=timezone.now() - TOO_LONG)
    return DueWork.objects.filter(Q(attempts__gte=MANY_ATTEMPTS) | waits, done=False).order_by("created_at")
