"""Erases what somebody said on the way to signing and did not sign in time."""

from django.utils import timezone

from consent.models import Unsigned


def erase_expired() -> int:
    """Deletes the rows whose time is over; returns how many. Nothing reads them meanwhile."""
    return Unsigned.objects.filter(expires_at__lte=timezone.now()).delete()[0]
