"""A donor's browser at a running tree, as far as these tests need one: signed in, it posts files."""

import http.client
import socket
from dataclasses import dataclass
from uuid import UUID

from django.test import Client

from core.accounts.models import User

BOUNDARY = "a-line-between-the-parts"
TOKEN = "t" * 32


@dataclass(frozen=True)
class Donor:
    """Someone who is signed in at the portal on `port`."""

    port: int
    session: str

    @classmethod
    def signed_in(cls, port: int, user: User) -> "Donor":
        """A session for the user, made in the database that the portal reads."""
        client = Client()
        client.force_login(user)
        return cls(port, client.cookies["sessionid"].value)

    def headers(self, length: int, accept: str = "application/json") -> dict[str, str]:
        """What a browser sends before the form."""
        return {
            "Accept": accept,
            "Content-Length": str(length),
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
        }

    def upload(self, donation: UUID, data: bytes, *, accept: str = "application/json") -> http.client.HTTPResponse:
        """Posts one file; raises OSError or HTTPException when the server dies meanwhile."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = form(data)
        connection.request("POST", f"/donations/{donation}/files/", body, self.headers(len(body), accept))
        return connection.getresponse()

    def led_to(self, answer: http.client.HTTPResponse) -> str:
        """The page to which an answer leads, with what is to be said there."""
        said, path = answer.headers["Set-Cookie"].partition(";")[0], answer.headers["Location"]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": f"sessionid={self.session}; {said}"})
        return connection.getresponse().read().decode()

    def half_upload(self, donation: UUID, data: bytes) -> socket.socket:
        """Sends the first half of a form and keeps the connection open."""
        body = form(data)
        line = f"POST /donations/{donation}/files/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        head = "".join(f"{name}: {value}\r\n" for name, value in self.headers(len(body)).items())
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        connection.sendall(f"{line}{head}\r\n".encode() + body[: len(body) // 2])
        return connection


def form(data: bytes) -> bytes:
    """A form with the token that every post carries, and one file."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
    file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="images"; filename="scan"\r\n\r\n'
    return f"{head}{file}".encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
