"""A hospital's system as far as tests need one: it has a token for one donation, and sends."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from registry import actions
from registry.models import Donation
from tests.factories import registry as make


@dataclass(frozen=True)
class Sender:
    """Sends to one donation with the token that its donor made."""

    donation: Donation
    token: str

    @classmethod
    def of(cls, donor: Any) -> "Sender":
        """For the donor's open donation."""
        by = make.user_of(donor)
        donation = actions.start_donation(donor=donor, by=by)
        _, text = actions.make_sender(donation=donation, name="The hospital", days=1, by=by)
        return cls(donation, text)

    @property
    def headers(self) -> dict[str, str]:
        """What it says who it is with."""
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, data: bytes, content_type: str, study: str = "", **headers: str) -> Any:
        """The answer to one request."""
        address = "/dicom-web/studies" + (f"/{study}" if study else "")
        return Client().post(address, data, content_type=content_type, headers={**self.headers, **headers})
