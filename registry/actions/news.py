"""Saying how one wants to hear of the use of one's gift."""

from django.db import transaction
from django.db.models import F

from consent import queries as consent
from core.accounts.models import User
from core.actors import Actor
from core.notifications import actions as notifications
from core.notifications.pace import Pace, Wanted
from registry.models import UseNews


def choose_news(*, user: User, pace: Pace, by_mail: bool, by: Actor) -> None:
    """Notes it; news that wait already are told at the new pace, or not at all."""
    with transaction.atomic():
        notifications.choose_news(user=user, pace=pace, by_mail=by_mail, by=by)
        waiting = UseNews.objects.filter(told_at=None, donor_id__in=consent.donors_of(user).values("pk"))
        waiting.update(due_at=F("noted_at") + Wanted(pace).patience)
