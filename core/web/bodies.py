"""Ends bodies that are too large, or stop arriving: Django keeps a whole body on disk before any view can look."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.template.loader import render_to_string

from core.errors import Refused, TooMuch
from core.full import NoRoom, is_full
from core.spoken import said
from core.texts import gettext_noop as _
from core.web.api import PROBLEM, refusal_as_problem
from core.web.errors import RETRY_AFTER, page_of, wants_problem

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TOO_LARGE = _("This is more than we can take at once. Send it in several parts.")
BROKE_OFF = _("The connection broke off. Nothing of this part was kept, what came before is safe: send it again.")
#: Seconds without one byte after which the sender counts as gone. A line that is cut says nothing, and the server would
#: wait for ever, with what came so far in its memory and on its disk. A slow line brings a few bytes every second.
STALL = 60.0
#: Where files are uploaded: whole, in parts to an upload's own address, and by hospitals' systems.
UPLOADS = re.compile(r"/files/\Z|/uploads/(?:[0-9a-f-]+/)?\Z|\A/dicom-web/")


class BrokenOff(Refused):
    """The body stopped arriving (RFC 9110, 15.5.9)."""

    status = HTTPStatus.REQUEST_TIMEOUT
    default_code = "broken_off"


class BodyLimit:
    """Around an ASGI application: at most `uploads` bytes where files are uploaded, and `others` everywhere else.

    `stall`: for so many seconds a body may bring nothing.
    """

    def __init__(self, app: App, *, uploads: int, others: int, stall: float = STALL) -> None:
        self.app, self.uploads, self.others, self.stall = app, uploads, others, stall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        most = self.uploads if UPLOADS.search(scope["path"]) else self.others
        announced = _headers(scope).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > most:
            return await refuse(scope, send, TooMuch(TOO_LARGE, "too_large"))
        watched = _Watched(receive, most, self.stall)
        try:
            await self.app(scope, watched, send)
        except OSError as error:
            if not is_full(error):
                raise
            return await refuse(scope, send, NoRoom())  # a body that found no room on disk
        if watched.refusal:
            await refuse(scope, send, watched.refusal)
        return None


def _headers(scope: Scope) -> dict[bytes, bytes]:
    return {name.lower(): value for name, value in scope["headers"]}


class _Watched:
    """Counts what arrives; beyond `most`, or when nothing comes any more, it says that the sender has gone.

    So nothing more is kept, and what was kept is let go.
    """

    def __init__(self, receive: Receive, most: int, stall: float) -> None:
        self.receive, self.left, self.stall = receive, most, stall
        self.is_whole = False
        self.refusal: Refused | None = None

    async def __call__(self) -> Message:
        try:
            # Behind the body nothing comes but the sender's going, while the answer is made: that may take its time.
            async with asyncio.timeout(None if self.is_whole else self.stall):
                message = await self.receive()
        except TimeoutError:
            return self._gone(BrokenOff(BROKE_OFF))
        self.is_whole = not message.get("more_body", False)
        self.left -= len(message.get("body", b""))
        return message if self.left >= 0 else self._gone(TooMuch(TOO_LARGE, "too_large"))

    def _gone(self, why: Refused) -> Message:
        self.refusal = why
        return {"type": "http.disconnect"}


async def refuse(scope: Scope, send: Send, error: Refused) -> None:
    """What is refused before Django is asked, as the page or as JSON, whichever was asked for.

    The connection ends with it: what still comes of the body is not read.
    """
    status = int(error.status)
    as_json = wants_problem(scope["path"], _headers(scope).get(b"accept", b"").decode("latin-1"))
    if as_json:
        text = json.dumps(refusal_as_problem(error) | {"title": said(error.sentence)})
    else:
        text = render_to_string(page_of(status), {"refusal": error})
    kind = PROBLEM.encode() if as_json else b"text/html; charset=utf-8"
    told = [(b"content-type", kind), (b"connection", b"close")]
    if status in RETRY_AFTER:
        told.append((b"retry-after", str(RETRY_AFTER[status]).encode()))
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": text.encode()})
