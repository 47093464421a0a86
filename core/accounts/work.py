"""What workers do for accounts: forget sessions that are over, with what somebody half-way to signing said in them."""

from django.contrib.sessions.models import Session
from django.utils import timezone


def forget_sessions() -> int:
    """Deletes the sessions whose time is over; returns how many. Safe to run twice at once."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
