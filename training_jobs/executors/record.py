"""The files by which a run tells how it stands, so that every process, also a new one, gives the same answer.

request.json   what to run; written once before anything starts
lock           held (flock) by the supervisor while it lives
began.json     written under the lock before the sandbox starts: whoever finds it never starts the run again
progress.json  the latest step and metrics, already checked
stop           somebody asked the run to end
log.txt        what the program printed, capped; held back like an output
outputs/       the files that the program left, there only after a good end
result.json    how it ended; written last
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.files import flush_folder, write_whole

REQUEST, LOCK, BEGAN, PROGRESS = "request.json", "lock", "began.json", "progress.json"
MACHINE_ID = "/etc/machine-id"
STOP, LOG, OUTPUTS, RESULT = "stop", "log.txt", "outputs", "result.json"

# A supervisor does not begin a run whose request is older than this; an observer waits a little longer.
BEGIN_WITHIN_S = 100
GIVEN_UP_AFTER_S = 130


def write(path: Path, data: Mapping[str, Any]) -> None:
    """Writes JSON so that a reader sees all of it or none (temporary file, fsync, rename)."""
    write_whole(path, json.dumps(data, sort_keys=True))


def write_once(path: Path, data: Mapping[str, Any]) -> bool:
    """Like `write`, but only if the file is not there yet; says whether this call wrote it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w") as file:
        json.dump(data, file, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        os.unlink(temporary)
    flush_folder(path.parent)
    return True


def read(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file, or None where there is none yet."""
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    return data if isinstance(data, dict) else None


def take_lock(run_dir: Path) -> int | None:
    """The open lock file, held exclusively until the process ends; None when another process holds it."""
    handle = os.open(run_dir / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def supervised(run_dir: Path) -> bool:
    """Whether a living supervisor holds the lock. The kernel lets go of it however the supervisor ends."""
    try:
        handle = os.open(run_dir / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def this_machine() -> dict[str, str]:
    """Which machine this is and since which start, so that a restart is told from a killed process."""
    return {
        "machine": _line(MACHINE_ID) or os.uname().nodename,
        "boot": _line("/proc/sys/kernel/random/boot_id"),
    }


def _line(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""
