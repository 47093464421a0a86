"""A body that is too large, or stops arriving, is refused meanwhile, announced or not, and nothing of it is kept."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.web.bodies import BodyLimit

UPLOAD = "/donations/0197/files/"
STALL = 0.05


def asked(
    path: str, parts: list[bytes], *headers: tuple[bytes, bytes], stops: bool = False
) -> tuple[int, bytes, list[bytes] | None]:
    """(status, body, what the application got or None where it was told that the sender had gone)."""
    waiting = [
        {"type": "http.request", "body": part, "more_body": stops or number < len(parts)}
        for number, part in enumerate(parts, 1)
    ]
    sent: list[Any] = []
    got: list[list[bytes] | None] = []

    async def receive() -> Any:
        return waiting.pop(0) if waiting else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        pieces = []
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                got.append(None)
                return
            pieces.append(message["body"])
            if not message["more_body"]:
                break
        got.append(pieces)
        with pytest.raises(TimeoutError):  # while an answer is made, it is looked whether the sender has gone
            await asyncio.wait_for(receive(), 3 * STALL)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"taken"})

    scope = {"type": "http", "path": path, "headers": list(headers)}
    # In a thread of its own: a browser test in the same process keeps an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, BodyLimit(app, uploads=100, others=10, stall=STALL)(scope, receive, send)).result()
    return sent[0]["status"], sent[1]["body"], got[0] if got else None


@pytest.mark.parametrize(
    "path",
    [UPLOAD, "/api/v1/donations/0197/files/", "/donations/0197/uploads/", "/api/v1/donations/0197/uploads/01-9f/"],
)
def test_an_upload_up_to_the_limit_is_taken(path: str) -> None:
    status, _, got = asked(path, [b"x" * 60, b"x" * 40], (b"content-length", b"100"))
    assert (status, got) == (200, [b"x" * 60, b"x" * 40])


@pytest.mark.parametrize(
    ("path", "size"), [(UPLOAD, 101), ("/accounts/login/", 11), ("/donations/0197/uploads/x/files", 11)]
)
def test_more_is_refused_before_it_is_read(path: str, size: int) -> None:
    status, body, got = asked(path, [b"x" * size], (b"content-length", str(size).encode()))
    assert (status, got) == (413, None)
    assert b"Send it in several parts." in body


@pytest.mark.parametrize(("path", "size"), [(UPLOAD, 101), ("/accounts/login/", 11)])
def test_more_that_was_not_announced_is_refused_when_it_comes(path: str, size: int) -> None:
    status, body, got = asked(path, [b"x" * (size // 2), b"x" * size], (b"accept", b"application/json"))
    assert (status, got) == (413, None)
    assert json.loads(body)["title"].startswith("This is more")


@pytest.mark.parametrize(("path", "kind"), [(UPLOAD, "page"), ("/api/v1/donations/0197/uploads/01/", "problem")])
def test_one_that_stops_arriving_is_ended(path: str, kind: str) -> None:
    status, body, got = asked(path, [b"x" * 5], stops=True)
    assert (status, got) == (408, None)
    assert b"what came before is safe: send it again." in body
    assert body.startswith(b"{") == (kind == "problem")
