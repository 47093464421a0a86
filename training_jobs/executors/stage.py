"""The two command lines of the sandbox: the stage, which holds only what a run needs, and the sandbox inside it.

The stage is built first, by the user who may enter the checkout: it binds the sources to neutral places, so that the
sandbox inside it can run as another, powerless user who could not have reached them. The supervisor lives on the stage.
"""

import os
import sys
import sysconfig
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from training_jobs.executors.record import MACHINE_ID

# The sandbox's user as seen from inside ("nobody"), and the range that systemd keeps for users without a name.
NOBODY = 65534
NAMELESS_FIRST, NAMELESS_COUNT = 61184, 4336

STAGED = Path("/stage")
MB = 2**20
PROGRESS_BYTES = MB
SCRATCH_MB = 256
SYSTEM_LINKS = ("bin", "sbin", "lib", "lib32", "lib64")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/alternatives")

Arguments = list[str]


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs and packages of this machine that the sandbox is made of; settings pass them in."""

    bwrap: str = "/usr/bin/bwrap"
    python_home: Path = Path(sys.base_prefix)
    packages: Path = Path(sysconfig.get_path("purelib"))

    @property
    def python(self) -> str:
        """The interpreter itself, not a virtual environment's link to it."""
        return str(self.python_home / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")


def stage(
    programs: Programs, *, run_dir: Path, inputs: Path, data_dir: Path, code: Mapping[str, Path], output_mb: int
) -> Arguments:
    """The outer command line, up to the program that runs on the stage (the supervisor).

    `code`: the packages that the supervisor imports, by where they stand below the folder of its code.
    """
    outer = [programs.bwrap, "--unshare-ipc", "--unshare-uts", "--unshare-net", "--clearenv"]
    outer += ["--perms", "1777", "--tmpfs", "/tmp", "--bind", "/proc", "/proc", "--dev", "/dev"]  # noqa: S108
    outer += ["--bind-try", "/sys/fs/cgroup", "/sys/fs/cgroup", *system(programs)]
    outer += ["--ro-bind-try", MACHINE_ID, MACHINE_ID]
    outer += [*folder(STAGED), "--ro-bind", str(programs.packages), str(STAGED / "packages")]
    for name, source in code.items():
        place = STAGED / "code" / name
        outer += [*folder(place.parent), "--ro-bind", str(source), str(place)]
    outer += ["--ro-bind", str(data_dir), str(STAGED / "data"), "--bind", str(run_dir), str(STAGED / "run")]
    outer += ["--ro-bind", str(inputs / "template"), str(STAGED / "template")]
    outer += ["--ro-bind", str(inputs / "job"), str(STAGED / "job")]
    rooms = {"outputs": output_mb * MB, "tmp": SCRATCH_MB * MB, "progress": PROGRESS_BYTES}
    for name, size in rooms.items():
        outer += ["--perms", "0777", "--size", str(size), "--tmpfs", str(STAGED / name)]
    outer += variables({"PYTHONPATH": f"{STAGED}/code:{STAGED}/packages", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})
    return [*outer, "--chdir", str(STAGED), "--"]


def sandbox(
    programs: Programs, *, job_id: str, limits: Mapping[str, int], command: Iterable[str], filter_file: int | None
) -> Arguments:
    """The inner command line, run on the stage: everything apart, nothing writable but three small rooms.

    `filter_file` is the open file with the filter on system calls, where there is one.
    """
    inner = [
        programs.bwrap,
        "--unshare-all",
        "--unshare-user",
        "--disable-userns",
        "--die-with-parent",
        "--new-session",
    ]
    inner += ["--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "sandbox", "--clearenv", "--cap-drop", "ALL"]
    inner += [*system(programs), "--proc", "/proc", "--dev", "/dev"]
    for name in ("packages", "data", "template", "job"):
        inner += ["--ro-bind", str(STAGED / name), f"/{name}"]
    for name in ("outputs", "tmp", "progress"):
        inner += ["--bind", str(STAGED / name), f"/{name}"]
    inner += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp", *variables(_inside())]  # noqa: S108
    if filter_file is not None:
        inner += ["--seccomp", str(filter_file)]
    return [*powerless(job_id), *inner, "--", *resource_limits(limits), *command]


def resource_limits(limits: Mapping[str, int]) -> Arguments:
    """The kernel's limits, set inside so that the count of processes is the sandbox's own."""
    wanted = {
        "as": limits["memory_mb"] * MB,
        "nproc": limits["processes"] + 2,
        "fsize": limits["output_mb"] * MB,
        "nofile": 256,
        "core": 0,
        "memlock": 0,
        "msgqueue": 0,
    }
    # A warning (SIGXCPU) first, then the end: so that the exit code tells why.
    seconds = f"--cpu={limits['cpu_seconds']}:{limits['cpu_seconds'] + 5}"
    return ["prlimit", seconds, *(f"--{name}={value}:{value}" for name, value in wanted.items()), "--"]


def powerless(job_id: str) -> Arguments:
    """Started as root: give up root for good before the sandbox is even built. Otherwise nothing to give up."""
    if os.geteuid() != 0:
        return []
    user = str(NAMELESS_FIRST + zlib.crc32(job_id.encode()) % NAMELESS_COUNT)
    return ["setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
            "--no-new-privs", "--"]  # fmt: skip


def system(programs: Programs) -> Arguments:
    """The system's programs and libraries, and the interpreter, read-only and at their own places."""
    arguments = ["--ro-bind", "/usr", "/usr"]
    for name in SYSTEM_LINKS:
        place = Path("/", name)
        if place.is_symlink():
            arguments += ["--symlink", os.readlink(place), str(place)]
        elif place.is_dir():
            arguments += ["--ro-bind", str(place), str(place)]
    arguments += folder(Path("/etc"))
    for file in SYSTEM_FILES:
        arguments += ["--ro-bind-try", file, file]
    if not programs.python_home.is_relative_to("/usr"):
        arguments += [*folder(programs.python_home.parent), "--ro-bind", *[str(programs.python_home)] * 2]
    return arguments


def folder(path: Path) -> Arguments:
    """Makes a folder and those above it open to enter; bubblewrap would make some of them for their owner alone."""
    above = [*reversed(path.parents), path][1:]
    return [word for place in above for word in ("--perms", "0755", "--dir", str(place))]


def variables(values: Mapping[str, str]) -> Arguments:
    """Environment variables as arguments."""
    return [word for name, value in values.items() for word in ("--setenv", name, value)]


def _inside() -> dict[str, str]:
    one_thread = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT"), "1"
    )
    return one_thread | {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108
        "LANG": "C.UTF-8",
        "PYTHONPATH": "/packages",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        # There is no shared memory inside, so joblib need not look for it.
        "JOBLIB_MULTIPROCESSING": "0",
    }
