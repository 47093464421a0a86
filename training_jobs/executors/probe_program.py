"""Runs inside the sandbox once, to find out whether the walls are there; the exit code names the missing one."""

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

NO_PACKAGES, NETWORK, WRITABLE, POWERFUL = 10, 11, 12, 13


def missing_wall() -> int:
    """0 when every wall holds."""
    try:
        import numpy  # noqa: F401
    except ImportError:
        return NO_PACKAGES
    if {name for _, name in socket.if_nameindex()} - {"lo"}:
        return NETWORK
    if any(map(_can_write, ("/data/x", "/template/x", "/usr/x", "/x", "/dev/x"))):
        return WRITABLE
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    capable = any(int(status[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapInh"))
    if capable or os.getuid() == 0 or status["NoNewPrivs"].strip() != "1":
        return POWERFUL
    return 0


def _can_write(place: str) -> bool:
    return _works(lambda: Path(place).touch())


def _works(deed: Callable[[], None]) -> bool:
    try:
        deed()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(missing_wall())
