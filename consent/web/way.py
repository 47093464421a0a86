"""What someone on the way to signing has said so far, as the pages need it: a row that is erased when they sign."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from consent import actions
from consent.models import FormVersion
from consent.queries import unsigned_of
from core.accounts.models import User
from core.canonical import digest_of

Answers = dict[str, bool | None]


class Way:
    """One person's answers about one programme (joining) or one gift (changing): details, and choices on a version."""

    def __init__(self, user: User, about: UUID) -> None:
        self.user, self.about = user, about
        self.row = unsigned_of(user, about)

    @property
    def details(self) -> dict[str, Any] | None:
        """Name, birth date and earlier names as `sign` takes them, or None before they were given."""
        found = self.row.details if self.row is not None else None
        return {**found, "birth_date": date.fromisoformat(found["birth_date"])} if found else None

    def keep_details(self, details: Mapping[str, Any]) -> None:
        """Keeps what was said about the person."""
        said = {**details, "birth_date": details["birth_date"].isoformat()}
        actions.keep_details(by=self.user, about=self.about, details=said)

    def earlier_choices(self) -> Answers:
        """The last choices made, finished or not, to show again, whichever version they answer."""
        return dict(self.row.unfinished or self.row.choices) if self.row is not None else {}

    def choices(self, version: FormVersion) -> Answers | None:
        """Complete choices on this very version, or None: a newer form is always chosen on anew."""
        same = self.row is not None and self.row.form_version_id == version.pk
        return dict(self.row.choices) if self.row is not None and same else None

    def keep_choices(self, version: FormVersion, choices: Answers) -> None:
        """Keeps complete choices on a version."""
        actions.keep_choices(by=self.user, about=self.about, version=version, choices=choices)

    def keep_unfinished(self, choices: Answers) -> None:
        """Keeps what was chosen so far, to show again; it has to be gone on with before it can be signed."""
        actions.keep_unfinished(by=self.user, about=self.about, choices=choices)


def shown(version: FormVersion, choices: Answers, **more: object) -> str:
    """A digest of what a page shows for signing, so that nothing else is signed from a page left open."""
    return digest_of({"text": version.text_sha256, "choices": choices, **{k: str(v) for k, v in more.items()}})
