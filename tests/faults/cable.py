"""A cable to another network namespace, as to another machine: it can be pulled out and put in again. Needs root."""

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

#: From <sched.h>; os.setns comes with Python 3.12.
NEW_NETWORK = 0x40000000
#: From <linux/sockios.h>: bytes that were sent and that the other side has not confirmed.
UNCONFIRMED = 0x5411


class Cable:
    """This end has the address `here`; the other lies in a namespace of its own."""

    def __init__(self) -> None:
        number = os.getpid()
        self.there, self.ends = f"donara{number}", (f"dna{number}", f"dnb{number}")
        # Addresses for tests between networks (RFC 2544), which nobody uses otherwise; four of them for each process.
        net = f"198.18.{number // 64 % 256}."
        self.here, self.other = (f"{net}{number % 64 * 4 + last}" for last in (1, 2))

    def lay(self) -> None:
        """Makes the namespace, and joins the two."""
        ip("netns", "add", self.there)
        ip("link", "add", self.ends[0], "type", "veth", "peer", "name", self.ends[1], "netns", self.there)
        ip("addr", "add", f"{self.here}/30", "dev", self.ends[0])
        ip("link", "set", self.ends[0], "up")
        ip("-n", self.there, "addr", "add", f"{self.other}/30", "dev", self.ends[1])
        self.mend()

    def cut(self) -> None:
        """Nothing goes through any more, and nobody is told."""
        ip("-n", self.there, "link", "set", self.ends[1], "down")

    def mend(self) -> None:
        """It goes through again."""
        ip("-n", self.there, "link", "set", self.ends[1], "up")

    def remove(self) -> None:
        """Takes all of it away."""
        ip("netns", "del", self.there)

    def connect(self, port: int, timeout: float = 30) -> socket.socket:
        """A connection from the other side to a server on this one; a socket stays in the namespace it was made in."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self._connect, port, timeout).result()

    def _connect(self, port: int, timeout: float) -> socket.socket:
        with open(f"/run/netns/{self.there}") as namespace:
            if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), NEW_NETWORK):
                raise OSError(ctypes.get_errno(), "the thread could not enter the namespace")
        return socket.create_connection((self.here, port), timeout=timeout)


def ip(*words: str) -> None:
    """iproute2's own command."""
    subprocess.run(["ip", *words], check=True)


def is_confirmed(line: socket.socket) -> bool:
    """Whether all that was sent has arrived at the other side."""
    (waiting,) = struct.unpack("i", fcntl.ioctl(line, UNCONFIRMED, b"\0" * 4))
    return bool(waiting == 0)


@contextmanager
def cable() -> Iterator[Cable]:
    """A cable that lies until the block ends."""
    made = Cable()
    made.lay()
    try:
        yield made
    finally:
        made.remove()
