"""A hospital's browser, and letters that ask it for images."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.notifications.models import Notice
from registry import actions
from registry.models import Donation, Invitation
from tests.factories import registry as make


def asked(donation: Donation) -> tuple[Invitation, str]:
    return actions.invite(donation=donation, by=make.user_of(donation.donor))


def told() -> list[Notice]:
    return list(Notice.objects.filter(dedupe__contains="invitation:"))


class Hospital:
    """A browser at a hospital, in which a code is typed."""

    def __init__(self, code: str) -> None:
        self.client = Client()
        self.answer = self.client.post("/hospital/", {"code": code})
        self.page = self.answer.get("Location", "")

    def send(self, *files: bytes, field: str = "images") -> str:
        """What the page says once it has loaded again."""
        posted = [SimpleUploadedFile("LOVELACE_ADA.dcm", data) for data in files]
        answer = self.client.post(f"{self.page}files/", {field: posted}, follow=True)
        return str(answer.content.decode())

    def finish(self) -> Any:
        return self.client.post(f"{self.page}finish/")

    def read(self) -> str:
        answer = self.client.get(self.page)
        assert answer.status_code == 200
        return str(answer.content.decode())
