"""In which language somebody is written to: the one in which they last signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import translation

from core.accounts.models import User


@receiver(user_logged_in, dispatch_uid="accounts.language")
def note_language(sender: object, user: Any, **_: Any) -> None:
    """Signing in says which language is read; a worker that writes later has no page to ask."""
    language = translation.get_language() or ""
    if language != user.language:
        User.objects.filter(pk=user.pk).update(language=language)


@contextmanager
def spoken_to(user: User) -> Iterator[None]:
    """What is written inside is in the user's language; one that is no longer offered gives way to the registry's."""
    known = {code for code, _ in settings.LANGUAGES}
    with translation.override(user.language if user.language in known else settings.LANGUAGE_CODE):
        yield
