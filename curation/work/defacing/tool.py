"""Runs the operator's tool on two folders: no shell, its own group of processes, limits, no network where possible."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

LIMITED = Path(__file__).with_name("limited.py")
MEMORY_BYTES, CPU_SECONDS, FILE_BYTES = 16 << 30, 3_000, 4 << 30
#: Well below the time for which one worker may hold a piece of work, and below what a task may take.
WALL_SECONDS = 1_500
_WALLS = ("--unshare-net", "--unshare-ipc", "--unshare-pid", "--die-with-parent", "--new-session")
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


class DefacingFailed(Exception):
    """The series could not be defaced; `why` is a code for the audit trail."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def run_tool(
    command: Sequence[str], source: Path, target: Path, *, hidden: Iterable[Path] = (), wall: float = WALL_SECONDS
) -> None:
    """Runs the command with {in} and {out} replaced by the two folders; raises DefacingFailed.

    `hidden`: folders of which the tool sees nothing, where bubblewrap can be had; there it reaches no network either,
    and can write to `target` and its own /tmp only. What it prints is thrown away: it may quote values.
    """
    told = [part.replace("{in}", str(source)).replace("{out}", str(target)) for part in command]
    limited = [sys.executable, "-I", "-S", str(LIMITED), str(MEMORY_BYTES), str(CPU_SECONDS), str(FILE_BYTES), *told]
    line = [*walls(source, target, hidden, _below_tmp(command)), *limited]
    quiet = subprocess.DEVNULL
    environment = {**_ENVIRONMENT, "HOME": str(target)}
    process = subprocess.Popen(
        line, stdin=quiet, stdout=quiet, stderr=quiet, cwd=target, env=environment, start_new_session=True
    )
    try:
        code = process.wait(wall)
    except subprocess.TimeoutExpired:
        raise DefacingFailed("timeout") from None
    finally:
        _end(process)
    if code:
        raise DefacingFailed("tool_failed")


def _below_tmp(command: Sequence[str]) -> list[Path]:
    """Python's environment and the programs of a command, as far as they lie in the machine's /tmp."""
    environment = Path(sys.prefix)
    others = (path for path in (LIMITED, *map(Path, command)) if not path.is_relative_to(environment))
    return [path for path in (environment, *others) if path.is_relative_to("/tmp") and path.exists()]  # noqa: S108


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends the whole group, also what the tool left behind."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def walls(source: Path, target: Path, hidden: Iterable[Path], below_tmp: Iterable[Path] = ()) -> list[str]:
    """What stands before the command: bubblewrap with its arguments, or nothing where it cannot be had.

    `below_tmp`: programs in the machine's /tmp that the command needs.
    """
    bwrap = shutil.which("bwrap", path=_ENVIRONMENT["PATH"])
    if bwrap is None or not _works(bwrap):
        return []
    line = [bwrap, *_WALLS, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]  # noqa: S108
    for path in below_tmp:  # a registry that is installed there, which its own /tmp would hide
        line += ["--ro-bind", str(path), str(path)]
    for folder in hidden:
        if folder.is_dir():
            line += ["--tmpfs", str(folder)]
    return [*line, "--ro-bind", str(source), str(source), "--bind", str(target), str(target), "--"]


@cache
def _works(bwrap: str) -> bool:
    """Whether a program can be run behind these walls here."""
    try:
        line = [bwrap, *_WALLS, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--", "/bin/true"]
        return subprocess.run(line, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
