"""A web process works on so many requests at once, on fewer uploads, and says so to whoever waits too long."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.web.turns import Turns

UPLOAD, PAGE = "/api/v1/donations/0197/uploads/01-9f/", "/home/"
MOST, UPLOADS = 4, 2


class Broken(Exception):
    """What an application raises."""


class House:
    """An application that works until it is told to end, and notes how many requests it had at once."""

    def __init__(self, waits: float = 5) -> None:
        self.turns = Turns(self, most=MOST, uploads=UPLOADS, waits=waits)
        self.now: dict[str, int] = {UPLOAD: 0, PAGE: 0}
        self.most: dict[str, int] = {UPLOAD: 0, PAGE: 0}
        self.end = asyncio.Event()
        self.breaks = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive()).get("more_body"):
            pass
        if message["type"] == "http.disconnect":
            return
        path = scope["path"]
        self.now[path] += 1
        self.most[path] = max(self.most[path], self.now[path])
        try:
            await self.end.wait()
            if self.breaks:
                raise Broken
        finally:
            self.now[path] -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def asked(self, path: str, *, whole: asyncio.Event | None = None) -> tuple[int, dict[bytes, bytes], bytes]:
        """Status, headers and body of the answer; the body of the request ends once it is `whole`."""
        sent: list[Any] = []

        async def receive() -> Any:
            if whole is not None:
                await whole.wait()
            return {"type": "http.request", "body": b"x", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "path": path, "headers": [(b"accept", b"application/json")]}
        await self.turns(scope, receive, send)
        return sent[0]["status"], dict(sent[0]["headers"]), b"".join(each.get("body", b"") for each in sent[1:])


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """In a thread of its own: a browser test in the same process keeps an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, story()).result()


async def settled() -> None:
    """Everything that can go on has gone on."""
    for _ in range(50):
        await asyncio.sleep(0)


def test_uploads_leave_room_for_pages_and_everybody_has_a_turn() -> None:
    async def story() -> None:
        house = House()
        asked = [asyncio.create_task(house.asked(path)) for path in [UPLOAD] * 9 + [PAGE] * 9]
        await settled()
        assert house.now == {UPLOAD: UPLOADS, PAGE: MOST - UPLOADS}
        house.end.set()
        assert [(await each)[0] for each in asked] == [200] * 18
        assert house.most[UPLOAD] == UPLOADS

    run(story)


def test_a_slow_line_has_no_turn_yet() -> None:
    async def story() -> None:
        house, whole = House(), asyncio.Event()
        slow = [asyncio.create_task(house.asked(UPLOAD, whole=whole)) for _ in range(9)]
        await settled()
        house.end.set()
        assert (await house.asked(UPLOAD))[0] == 200
        whole.set()
        assert [(await each)[0] for each in slow] == [200] * 9

    run(story)


def test_whoever_waits_too_long_is_told_when_to_come_again_and_what_breaks_gives_its_turn_back() -> None:
    async def story() -> None:
        house = House(waits=0.05)
        first = [asyncio.create_task(house.asked(UPLOAD)) for _ in range(UPLOADS)]
        await settled()
        status, headers, body = await house.asked(UPLOAD)
        assert (status, headers[b"retry-after"]) == (503, b"30")
        assert "What came before is safe" in json.loads(body)["title"]
        assert json.loads(body)["code"] == "busy"
        house.breaks = True
        house.end.set()
        for each in first:
            with pytest.raises(Broken):
                await each
        house.breaks = False
        assert [(await house.asked(UPLOAD))[0] for _ in range(MOST)] == [200] * MOST

    run(story)
