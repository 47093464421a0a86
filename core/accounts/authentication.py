"""How a program shows who it acts for: `Authorization: Bearer donara_…`, with the scopes that each view names."""

from datetime import timedelta
from typing import Final

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from core.accounts.models import ApiToken, User
from core.canonical import sha256_hex

#: When a token was last used is noted no more often: many files at once would all write the same row.
LAST_USED: Final = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """Finds the token by its digest; a revoked, expired or unknown one is refused with one and the same sentence."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != b"bearer":
            return None
        now = timezone.now()
        token = (
            ApiToken.objects.select_related("user")
            .filter(digest=sha256_hex(words[1]), revoked_at=None, expires_at__gt=now, user__is_active=True)
            .first()
        )
        if token is None:
            raise AuthenticationFailed("This token is not known, or it has expired or been revoked. Make a new one.")
        if token.last_used_at is None or token.last_used_at < now - LAST_USED:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """The token must carry the view's `scope`."""

    def has_permission(self, request: Request, view: object) -> bool:
        scope = getattr(view, "scope", None)
        return isinstance(request.auth, ApiToken) and scope is not None and str(scope) in request.auth.scopes
