"""Saying how one wants to hear news."""

from django.db import transaction
from django.utils import timezone

from core.accounts.models import User
from core.actors import Actor
from core.audit.record import record
from core.errors import NotAllowed
from core.notifications.models import NewsChoice
from core.notifications.pace import Pace


def choose_news(*, user: User, pace: Pace, by_mail: bool, by: Actor) -> None:
    """Notes how often `user`, who asks for it, wants to hear news, and whether by e-mail too."""
    if by.actor_id != user.actor_id:
        raise NotAllowed("Everybody says for themselves how they want to hear news.")
    with transaction.atomic():
        chosen = {"pace": pace, "by_mail": by_mail, "changed_at": timezone.now()}
        NewsChoice.objects.update_or_create(user=user, defaults=chosen)
        record("notifications.news_chosen", user, by=by, data={"pace": pace, "by_mail": by_mail})
