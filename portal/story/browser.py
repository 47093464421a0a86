"""A donor's browser, reduced to what the story needs: it is signed in, and it posts forms and files over HTTP."""

import secrets
from importlib import import_module
from typing import Any

import urllib3
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from core.accounts.models import User
from portal.story.telling import StoryBroken

Files = list[tuple[str, tuple[str, bytes, str]]]
TIMEOUT = 60  # seconds


def session_of(user: User) -> str:
    """The key of a session in which `user` is signed in, as if they had typed their password."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


class Browser:
    """Posts to a running portal as one user; follows no redirect, for its address is the answer."""

    def __init__(self, origin: str, user: User, pool: urllib3.PoolManager) -> None:
        self.origin, self.pool = origin, pool
        token = secrets.token_hex(16)
        cookies = f"{settings.SESSION_COOKIE_NAME}={session_of(user)}; {settings.CSRF_COOKIE_NAME}={token}"
        self.headers = {"Cookie": cookies, "X-CSRFToken": token, "Referer": origin}

    def get(self, path: str) -> bytes:
        """A page's bytes; raises StoryBroken when the portal does not answer 200."""
        answer = self.pool.request("GET", self.origin + path, headers=self.headers, redirect=False, timeout=TIMEOUT)
        self._check(answer, path, 200)
        return bytes(answer.data)

    def post(self, path: str, fields: dict[str, str] | None = None, files: Files | None = None) -> str:
        """Posts a form as browsers do (multipart); returns where the portal leads to next."""
        parts: list[Any] = [*(fields or {}).items(), *(files or [])]
        answer = self.pool.request(
            "POST", self.origin + path, fields=parts, headers=self.headers, redirect=False, timeout=TIMEOUT
        )
        self._check(answer, path, 302)
        return str(answer.headers.get("Location", ""))

    @staticmethod
    def _check(answer: urllib3.BaseHTTPResponse, path: str, expected: int) -> None:
        if answer.status != expected:
            raise StoryBroken(f"The portal answered {answer.status} instead of {expected} at {path}.")
