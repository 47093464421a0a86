"""What someone on the way to signing has said so far, kept in their session until they sign."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from consent.models import FormVersion
from core.canonical import digest_of

Answers = dict[str, bool | None]


class Way:
    """One programme's part of the session: details, and choices with the form version that they answer."""

    def __init__(self, session: SessionBase, programme_id: UUID) -> None:
        self.session = session
        self.key = f"consent:{programme_id}"
        self.data: dict[str, Any] = session.get(self.key, {})

    @property
    def details(self) -> dict[str, Any] | None:
        """Name, birth date and earlier names as `sign` takes them, or None before they were given."""
        found = self.data.get("details")
        return {**found, "birth_date": date.fromisoformat(found["birth_date"])} if found else None

    def keep_details(self, details: Mapping[str, Any]) -> None:
        """Keeps what was said about the person."""
        self._keep("details", {**details, "birth_date": details["birth_date"].isoformat()})

    def earlier_choices(self) -> Answers:
        """The last choices made, to show again, whichever version they answer."""
        return dict(self.data.get("choices", {}))

    def choices(self, version: FormVersion) -> Answers | None:
        """Complete choices on this very version, or None: a newer form is always chosen on anew."""
        return self.earlier_choices() if self.data.get("version") == str(version.pk) else None

    def keep_choices(self, version: FormVersion, choices: Answers) -> None:
        """Keeps complete choices on a version."""
        self._keep("choices", choices)
        self._keep("version", str(version.pk))

    def forget(self) -> None:
        """Forgets everything, once it is signed."""
        self.session.pop(self.key, None)

    def _keep(self, name: str, value: object) -> None:
        self.data[name] = value
        self.session[self.key] = self.data


def shown(version: FormVersion, choices: Answers, **more: object) -> str:
    """A digest of what a page shows for signing, so that nothing else is signed from a page left open."""
    return digest_of({"text": version.text_sha256, "choices": choices, **{k: str(v) for k, v in more.items()}})
