"""What somebody has said on the way to signing: their own only, and only until it expires."""

from uuid import UUID

from django.utils import timezone

from consent.models import Unsigned
from core.accounts.queries import Reader, key_of


def unsigned_of(user: Reader, about: UUID) -> Unsigned | None:
    """The user's own answers so far about a programme or a gift, or None."""
    mine = Unsigned.objects.select_related("form_version").filter(user_id=key_of(user), about=about)
    return mine.filter(expires_at__gt=timezone.now()).first()
