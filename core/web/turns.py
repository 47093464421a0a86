"""How many requests one web process works on at once: each takes a thread and a connection to the database.

Without a bound, fifty donors who send four files each take two hundred of both, and PostgreSQL refuses the hundred and
first. A request waits for its turn once its body is whole, so that a slow line keeps nobody waiting.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final

from core.errors import Unavailable
from core.texts import gettext_noop as _
from core.web.bodies import UPLOADS, App, Message, Receive, Scope, Send, refuse

#: Of two web processes; with workers and beat it is less than the hundred connections that PostgreSQL has by itself.
AT_ONCE: Final = 32
#: Uploads among them: more would only take the processor from each other, and from pages.
UPLOADS_AT_ONCE: Final = 8
#: Seconds for which a turn is waited for; proxies and browsers give up after a minute.
WAITS: Final = 30.0
BUSY: Final = _("Very many people are sending at this moment. What came before is safe. Wait a minute, then go on.")


class Turns:
    """Around an ASGI application: `most` requests at once, `uploads` of them to where files are uploaded."""

    def __init__(self, app: App, *, most: int = AT_ONCE, uploads: int = UPLOADS_AT_ONCE, waits: float = WAITS) -> None:
        self.app, self.waits = app, waits
        self.all, self.uploads = asyncio.Semaphore(most), asyncio.Semaphore(uploads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        gates = [self.uploads, self.all] if UPLOADS.search(scope["path"]) else [self.all]
        async with AsyncExitStack() as held:
            turn = _Turn(receive, gates, self.waits, held)
            await self.app(scope, turn, send)
        if turn.is_refused:
            await refuse(scope, send, Unavailable(BUSY, "busy"))
        return None


class _Turn:
    """Gives the end of the body on once there is a turn, which `held` then ends."""

    def __init__(
        self, receive: Receive, gates: Sequence[asyncio.Semaphore], waits: float, held: AsyncExitStack
    ) -> None:
        self.receive, self.gates, self.waits, self.held = receive, gates, waits, held
        self.has_begun = self.is_refused = False

    async def __call__(self) -> Message:
        message = await self.receive()
        if self.has_begun or message["type"] != "http.request" or message.get("more_body", False):
            return message
        self.has_begun = True
        try:
            async with asyncio.timeout(self.waits):
                for gate in self.gates:
                    await self.held.enter_async_context(gate)
        except TimeoutError:
            self.is_refused = True
            return {"type": "http.disconnect"}
        return message
