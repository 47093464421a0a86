"""How gunicorn serves Donara: two ASGI processes on loopback, which end when their parent does."""

import ctypes
import os
import signal
import socket
from typing import Any

PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>

bind = os.environ.get("DONARA_BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = 2
worker_class = "uvicorn_worker.UvicornWorker"
# A worker that shows no sign of life for this long, in seconds, is replaced; slow uploads do show it.
timeout = 60
graceful_timeout = 15
# In memory: a busy disk would otherwise make a worker look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# The control socket would lie in the home folder, shared by every checkout.
control_socket_disable = True
# No access log: addresses that are asked for may hold tokens.
accesslog = None
proc_name = "donara"

#: A peer that has vanished without a word, as when its line was cut, is noticed after two minutes: by probes (tcp(7))
#: where nothing is on its way, by unconfirmed bytes where something is. Connections have these from their listener.
SILENT = {socket.TCP_KEEPIDLE: 60, socket.TCP_KEEPINTVL: 15, socket.TCP_KEEPCNT: 4, socket.TCP_USER_TIMEOUT: 120_000}


def when_ready(server: Any) -> None:
    """Sets it at every address on which this server listens."""
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in SILENT.items():
            listener.sock.setsockopt(socket.IPPROTO_TCP, option, value)


#: Options of mallopt(3), from <malloc.h>: memory is given back to the kernel later, and to be had again from two places
#: alone. Every part of 8 MiB is copied some times on its way, and each copy would begin with 2,000 page faults.
MEMORY = {-8: 2, -1: 256 << 20, -3: 32 << 20}  # M_ARENA_MAX, M_TRIM_THRESHOLD, M_MMAP_THRESHOLD


def post_worker_init(worker: Any) -> None:
    """Keeps connections to PostgreSQL: a request's thread ends with it, and would connect anew each time.

    PostgreSQL then starts a process that knows nothing yet, which costs more than all that it is asked. Here alone, in
    processes that never fork: a pool's connections must not be shared with a child.
    """
    from django.db import connection

    from core.web.turns import AT_ONCE

    connection.close()
    if connection.vendor == "postgresql":
        connection.settings_dict["CONN_HEALTH_CHECKS"] = True
        connection.settings_dict["OPTIONS"]["pool"] = {"min_size": 2, "max_size": AT_ONCE}


def post_fork(server: Any, worker: Any) -> None:
    """Ends a worker with its parent; uvicorn's worker does not notice by itself and would hold the port."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for option, value in MEMORY.items():
        libc.mallopt(option, value)
    if os.getppid() != worker.ppid:
        os._exit(1)
