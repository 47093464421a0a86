"""A donor's own program at a running web server: the list of files, their parts as tus 1.0.0, and the completion."""

import base64
import hashlib
import http.client
import json
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.accounts.actions import make_token
from core.accounts.roles import Scope
from core.web.tus import MEDIA
from registry.models import Donation
from tests.factories import registry as make


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Program:
    """Speaks for the donor of one donation to the server at `host` and `port`."""

    host: str
    port: int
    donation: Donation
    token: str
    patience: float = 120

    @classmethod
    def of(cls, donation: Donation, port: int, host: str = "127.0.0.1", **more: float) -> "Program":
        """With a token of its own, made in the database that the server reads."""
        user = make.user_of(donation.donor)
        token = make_token(user=user, name="test", scopes=[Scope.DONATIONS], days=1, by=user)[1]
        return cls(host, port, donation, token, **more)

    def ask(
        self, method: str, path: str, body: bytes = b"", *, over: socket.socket | None = None, **said: str
    ) -> Answer:
        """One request, over a connection of its own or the one given; `_` in a header's name stands for a hyphen."""
        line = http.client.HTTPConnection(self.host, self.port, timeout=self.patience)
        line.sock = over
        line.request(method, path, body, self.headers(**said))
        answer = line.getresponse()
        text = answer.read()
        line.close()
        return Answer(
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            json.loads(text) if text else None,
        )

    def headers(self, **said: str) -> dict[str, str]:
        """What goes with each request."""
        ours = {
            "Host": "127.0.0.1",  # whichever way it is reached
            "Accept": "application/json",
            "Authorization": f"Bearer {self.token}",
            "Tus-Resumable": "1.0.0",
        }
        return {**ours, **{name.replace("_", "-"): value for name, value in said.items()}}

    def address(self, what: str) -> str:
        """Of one of the donation's doors."""
        return f"/api/v1/donations/{self.donation.pk}/{what}/"

    def promise(self, files: Iterable[bytes]) -> list[dict[str, Any]]:
        """Sends the manifest; how each file stands."""
        listed = [
            {"index": index, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "series": 0}
            for index, data in enumerate(files)
        ]
        body = json.dumps({"files": listed}).encode()
        answer = self.ask("POST", self.address("manifest"), body, Content_Type="application/json")
        assert answer.status == 200, answer
        found: list[dict[str, Any]] = answer.body["files"]
        return found

    def part(
        self, upload: str, data: bytes, begin: int, end: int | None = None, over: socket.socket | None = None
    ) -> Answer:
        """Sends the bytes from one place to another, with their checksum."""
        body = data[begin:end]
        return self.ask("PATCH", upload, body, over=over, **self.said(body, begin))

    def said(self, body: bytes, begin: int) -> dict[str, str]:
        """The headers of a part."""
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        return {"Content_Type": MEDIA, "Upload_Offset": str(begin), "Upload_Checksum": f"sha256 {digest}"}

    def offset(self, upload: str) -> int:
        """How far the server says that it is."""
        return int(self.ask("HEAD", upload).headers["upload-offset"])

    def complete(self) -> Answer:
        """Says that all was sent."""
        return self.ask("POST", self.address("complete"))


def check_try_later(answer: Answer) -> str:
    """The server cannot just now: when to come again, a sentence for a person, and nothing of what is inside."""
    assert answer.status == 503, answer
    assert int(answer.headers["retry-after"]) > 0
    sentence = str(answer.body["title"])
    assert sentence.endswith(".")
    assert "safe" in sentence
    for inside in ("/", "Errno", "Error", "Traceback", "objects"):
        assert inside not in sentence
    return sentence
