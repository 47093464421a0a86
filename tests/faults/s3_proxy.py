"""Stands between the registry and a real S3 server and does, a given number of times, what servers and lines do."""

import http.client
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

BUSY = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"


class What(StrEnum):
    """What is done to a request."""

    SLOW_DOWN = "503"
    HANG = "hang"
    CUT = "cut"  # in the middle of the body that is on its way, of the answer or else of the request
    LOSE_ANSWER = "lose the answer"  # the server does what it was asked, and nobody is told


@dataclass
class Fault:
    """The next `times` requests with this method."""

    what: What
    method: str
    times: int


class Proxy(ThreadingTCPServer):
    """The server, as it is reached through here."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, origin: str) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.to = urlsplit(origin)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.fault: Fault | None = None
        self.met = 0
        self.lock, self.ended = Lock(), Event()

    def do(self, what: What, method: str, times: int = 1) -> None:
        """From now on, to so many requests; to those that come later nothing is done."""
        self.fault, self.met = Fault(what, method, times), 0

    def well(self) -> None:
        """Nothing is done any more."""
        self.fault = None

    def next(self, method: str) -> What | None:
        """What is done to this request."""
        with self.lock:
            if self.fault is None or self.fault.method != method or self.met == self.fault.times:
                return None
            self.met += 1
            return self.fault.what


class _Line(StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        while (head := self._head()) and self._one(*head):
            pass

    def _head(self) -> tuple[str, dict[str, str]] | None:
        lines = []
        while (line := self.rfile.readline()) not in (b"", b"\r\n"):
            lines.append(line.decode("latin-1").rstrip("\r\n"))
        if not lines:
            return None  # the client has closed the connection
        return lines[0], {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines[1:])}

    def _one(self, first: str, headers: dict[str, str]) -> bool:
        """Passes one request on; False where the connection ends with it."""
        method, path, _ = first.split(" ")
        length, what = int(headers.get("content-length", 0)), self.server.next(method)
        if headers.pop("expect", ""):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if what is What.CUT and method != "GET":
            self.rfile.read(length // 2)
            return self._cut()
        body = self.rfile.read(length)
        if what is What.HANG:
            self.server.ended.wait()
            return False
        if what is What.SLOW_DOWN:
            self._answer(503, [("Content-Type", "application/xml")], BUSY if method != "HEAD" else b"")
            return True
        status, told, answer = self._passed_on(method, path, headers, body)
        if what is What.LOSE_ANSWER:
            return self._cut()
        self._answer(status, told, answer, cut=what is What.CUT)
        return what is None

    def _passed_on(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        to = http.client.HTTPConnection(str(self.server.to.hostname), self.server.to.port, timeout=60)
        to.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            to.putheader(name, value)
        to.endheaders(body)
        answer = to.getresponse()
        data = answer.read()
        to.close()
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() != "transfer-encoding"]
        return answer.status, kept, data

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes, *, cut: bool = False) -> None:
        if not any(name.lower() == "content-length" for name, _ in headers):
            headers.append(("Content-Length", str(len(body))))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        self.wfile.write(f"HTTP/1.1 {status} {http.client.responses[status]}\r\n{lines}\r\n".encode("latin-1"))
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self._cut()

    def _cut(self) -> bool:
        """Ends the connection as a broken line does: with a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        return False

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            return  # the client has gone


@contextmanager
def proxy(origin: str) -> Iterator[Proxy]:
    """A way to the server at this address that a test may disturb."""
    with Proxy(origin) as made:
        thread = Thread(target=made.serve_forever, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            made.ended.set()
            made.shutdown()
