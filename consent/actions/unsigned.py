"""Keeps what somebody says on the way to signing, answer by answer, until they sign or it expires."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from consent.models import FormVersion, Unsigned
from consent.models.unsigned import expiry
from core.accounts.models import User


def keep_details(*, by: User, about: UUID, details: Mapping[str, Any]) -> None:
    """Keeps who is to sign: `details` as JSON. No audit event: nothing has been decided."""
    _keep(by, about, details=dict(details))


def keep_choices(*, by: User, about: UUID, version: FormVersion, choices: Mapping[str, bool | None]) -> None:
    """Keeps complete choices on a version."""
    _keep(by, about, choices=dict(choices), unfinished={}, form_version=version)


def keep_unfinished(*, by: User, about: UUID, choices: Mapping[str, bool | None]) -> None:
    """Keeps what is ticked so far beside the complete choices: a page asks for its meaning at every tick.

    Such a question may arrive after the person has gone on, and must not take back what they went on with.
    """
    _keep(by, about, unfinished=dict(choices))


def _keep(by: User, about: UUID, **said: Any) -> None:
    # Every answer starts the time anew: who comes back each day is not forgotten in between.
    Unsigned.objects.update_or_create(user=by, about=about, defaults={**said, "expires_at": expiry()})
