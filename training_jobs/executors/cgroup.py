"""The kernel's limit on a whole group of processes, where this machine lets us make a group (cgroup version 1 or 2)."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

MOUNT = Path("/sys/fs/cgroup")
MB = 2**20
TRIES = 40


@dataclass(frozen=True, slots=True)
class Group:
    """Our own group: one folder (version 2), or one for memory and one for the count of processes (version 1)."""

    folders: tuple[Path, ...]

    def enter(self) -> None:
        """Puts the calling process into the group; called between fork and exec."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text("0")

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel ended a process of the group for its memory."""
        for folder in self.folders:
            for name in ("memory.oom_control", "memory.events"):
                if _value(folder / name, "oom_kill") > 0:
                    return True
        return False

    def remove(self) -> None:
        """Removes the group once its last process is gone; the kernel needs a moment for that after a kill."""
        for folder in self.folders:
            for _ in range(TRIES):
                try:
                    folder.rmdir()
                    break
                except OSError:
                    time.sleep(0.05)


def make(name: str, memory_mb: int, processes: int) -> Group | None:
    """A group with these limits; None where none can be made, and then the other limits stand alone.

    `name` is the job's; the maker's process id is added, and what a killed maker left behind is cleared away first.
    """
    places = _places(f"{name}-{os.getpid()}")
    Group(tuple(left for place in places for left in _left_behind(place.parent, name))).remove()
    made: list[Path] = []
    try:
        for place, settings in places.items():
            place.mkdir()
            made.append(place)
            for file, value in _settings(memory_mb, processes).items():
                if file in settings:
                    (place / file).write_text(value)
    except OSError:
        Group(tuple(made)).remove()
        return None
    return Group(tuple(made)) if made else None


def _settings(memory_mb: int, processes: int) -> dict[str, str]:
    memory = str(memory_mb * MB)
    return {
        "memory.limit_in_bytes": memory,
        "memory.max": memory,
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "pids.max": str(processes + 8),
    }


def _places(name: str) -> dict[Path, frozenset[str]]:
    """Folder to make -> the files to write there; empty where this machine offers none."""
    own = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        own.update(dict.fromkeys(controllers.split(","), path.lstrip("/")))
    places: dict[Path, frozenset[str]] = {}
    if (MOUNT / "memory").is_dir() and "memory" in own:
        places[MOUNT / "memory" / own["memory"] / name] = frozenset({"memory.limit_in_bytes"})
    if (MOUNT / "pids").is_dir() and "pids" in own:
        places[MOUNT / "pids" / own["pids"] / name] = frozenset({"pids.max"})
    beside = (MOUNT / own.get("", "")).parent
    if (
        not places
        and (MOUNT / "cgroup.controllers").is_file()
        and "memory" in _words(beside / "cgroup.subtree_control")
    ):
        places[beside / name] = frozenset({"memory.max", "memory.swap.max", "memory.oom.group"})
        if "pids" in _words(beside / "cgroup.subtree_control"):
            places[beside / name] |= {"pids.max"}
    return places


def _left_behind(parent: Path, name: str) -> list[Path]:
    """Groups of that name whose maker is dead. One of a living maker may be empty for a moment: it stays."""
    found = parent.glob(f"{name}-*")
    return [path for path in found if not Path("/proc", path.name.rpartition("-")[2]).exists()]


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []


def _value(path: Path, name: str) -> int:
    words = _words(path)
    return int(words[words.index(name) + 1]) if name in words and os.access(path, os.R_OK) else 0
