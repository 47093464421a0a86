"""Refuses bodies that are too large while they arrive: Django keeps a whole body on disk before any view can look."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.template.loader import render_to_string

from core.texts import gettext_noop as _

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TOO_LARGE = _("This is more than we can take at once. Send it in several parts.")
#: Where files are uploaded: whole, in parts to an upload's own address, and by hospitals' systems.
UPLOADS = re.compile(r"/files/\Z|/uploads/(?:[0-9a-f-]+/)?\Z|\A/dicom-web/")


class BodyLimit:
    """Around an ASGI application: at most `uploads` bytes where files are uploaded, and `others` everywhere else."""

    def __init__(self, app: App, *, uploads: int, others: int) -> None:
        self.app, self.uploads, self.others = app, uploads, others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        most = self.uploads if UPLOADS.search(scope["path"]) else self.others
        headers = {name.lower(): value for name, value in scope["headers"]}
        announced = headers.get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > most:
            return await _refuse(headers, send)
        counted = _Counted(receive, most)
        await self.app(scope, counted, send)
        if counted.is_over:
            await _refuse(headers, send)
        return None


class _Counted:
    """Counts what arrives; beyond `most` it says that the sender has gone, so that nothing more is kept."""

    def __init__(self, receive: Receive, most: int) -> None:
        self.receive, self.left, self.is_over = receive, most, False

    async def __call__(self) -> Message:
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        if self.left >= 0:
            return message
        self.is_over = True
        return {"type": "http.disconnect"}


async def _refuse(headers: dict[bytes, bytes], send: Send) -> None:
    """413 (RFC 9110, 15.5.14) as the page or as JSON, whichever was asked for."""
    as_json = headers.get(b"accept", b"").startswith((b"application/json", b"application/dicom+json"))
    text = json.dumps({"title": TOO_LARGE}) if as_json else render_to_string("413.html", {"message": TOO_LARGE})
    kind = b"application/json" if as_json else b"text/html; charset=utf-8"
    await send({"type": "http.response.start", "status": 413, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": text.encode()})
