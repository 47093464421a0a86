"""What a sandbox uses, from the kernel's own books: memory and processor time of a process and all below it."""

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
# Below this share of free memory the machine itself is in danger, whoever is to blame.
MACHINE_RESERVE = 0.03


@dataclass(frozen=True, slots=True)
class Process:
    """One line of /proc/PID/stat, as far as it matters (proc(5), fields 4, 14-17 and 24)."""

    pid: int
    parent: int
    ticks: int
    pages: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A process with all its descendants: their ids, resident memory in bytes, processor seconds so far."""

    pids: tuple[int, ...]
    memory: int
    cpu_seconds: float


def tree(root: int) -> Tree:
    """Measures the process `root` and everything below it. Ended children count through those that reaped them."""
    processes = {process.pid: process for process in map(_process, _pids()) if process}
    children: dict[int, list[int]] = {}
    for process in processes.values():
        children.setdefault(process.parent, []).append(process.pid)
    found, ahead = [], [root]
    while ahead:
        pid = ahead.pop()
        if pid in processes:
            found.append(processes[pid])
            ahead += children.get(pid, [])
    return Tree(
        pids=tuple(process.pid for process in found),
        memory=sum(process.pages for process in found) * PAGE,
        cpu_seconds=sum(process.ticks for process in found) / TICKS,
    )


def machine_short_of_memory() -> bool:
    """Whether the machine has almost no memory left (also what no process maps counts here)."""
    values = {}
    for line in Path("/proc/meminfo").read_text().splitlines():
        name, _, rest = line.partition(":")
        values[name] = int(rest.split()[0])
    return values["MemAvailable"] < values["MemTotal"] * MACHINE_RESERVE


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _process(pid: int) -> Process | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    # The name, in brackets, may hold anything, brackets too: count from the last one.
    fields = text.rpartition(")")[2].split()
    return Process(pid=pid, parent=int(fields[1]), ticks=sum(map(int, fields[11:15])), pages=int(fields[21]))
