"""A programme in which everybody writes in other letters, and what is still English on its pages."""

import re
from typing import Any

from django.test import Client

from consent.models import Donor
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from registry.models import AccessRequest, Dataset, DatasetVersion
from tests.factories import consent, core
from tests.factories import registry as make
from tests.integration.consent.browsing import signed_in
from tests.integration.consent.pseudo import english

#: Codes that are the same in every language: of countries, of terms and of standards.
CODES = re.compile(r"\b(?:GB|DE)\b|\([A-Z]+\)|MONDO:\d+")


def staff(programme: Programme, *roles: Role) -> User:
    """Somebody with these roles and a name in other letters."""
    return core.user(programme, *roles, name="Αδα Λαβ")


def client_of(programme: Programme, *roles: Role) -> Client:
    """The same, signed in."""
    return signed_in(staff(programme, *roles))


def donor(programme: Programme, *modifiers: dict[str, Any]) -> Donor:
    """A donor of two images, whose consent says this."""
    made = consent.donor(programme)
    make.images(made, 2, body_part="ΘΩΡΑΞ")
    consent.says(made, {"permission": "GRU", "modifiers": list(modifiers)})
    return made


def dataset(programme: Programme, **rule: Any) -> Dataset:
    """A dataset with a title in other letters."""
    made = make.dataset(programme, **rule)
    Dataset.objects.filter(pk=made.pk).update(title="Σετ", summary="Εικονες")
    made.refresh_from_db()
    return made


def request(version: DatasetVersion, **more: Any) -> AccessRequest:
    """A request whose every word is in other letters."""
    made = make.request(version, staff(version.dataset.programme, Role.RESEARCHER), **more)
    AccessRequest.objects.filter(pk=made.pk).update(title="Εργο", aim="Σκοπος", institution="Σχολη")
    made.refresh_from_db()
    return made


class Pages(dict[str, str]):
    """What was read, by what it was."""

    def read(self, client: Client, *addresses: str, at: str = "") -> None:
        """Reads pages; `at` says when."""
        for address in addresses:
            self._keep(f"{address} {at}", client.get(address, follow=True))

    def post(self, client: Client, address: str, data: dict[str, Any] | None = None, at: str = "") -> str:
        """Posts a form, rightly or wrongly, and reads where it leads."""
        return self._keep(f"posted {address} {at}", client.post(address, data or {}, follow=True))

    def _keep(self, name: str, answer: Any) -> str:
        assert answer.status_code in (200, 400, 403, 409, 422), (name, answer.status_code)
        self[f"{name} {len(self)}"] = answer.content.decode()
        return self[f"{name} {len(self) - 1}"]

    def left(self) -> dict[str, list[str]]:
        """What is still English, by page."""
        return {name: found for name, page in self.items() if (found := english(CODES.sub("", page)))}
