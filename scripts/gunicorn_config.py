"""How gunicorn serves Donara: two ASGI processes on loopback, which end when their parent does."""

import ctypes
import os
import signal
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


def post_fork(server: Any, worker: Any) -> None:
    """Ends a worker with its parent; uvicorn's worker does not notice by itself and would hold the port."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != worker.ppid:
        os._exit(1)
