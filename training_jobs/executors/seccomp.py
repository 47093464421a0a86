"""The few system calls that a training program never needs and that would get around the limits (seccomp(2)).

The list is short on purpose: everything else is the namespaces' and limits' work. A denied call answers ENOSYS, as an
older kernel would, so that libraries fall back.
"""

import errno
import os
from collections.abc import Mapping

from core.sandbox import seccomp

# name: number on x86_64, number on aarch64 (Linux's own tables: syscall_64.tbl, asm-generic/unistd.h).
DENIED: Mapping[str, tuple[int, int]] = {
    # Memory that belongs to no file system and no process, so that no limit of ours would see it.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    # Large parts of the kernel that only hostile programs would reach for here.
    "io_uring_setup": (425, 425),
    "userfaultfd": (323, 282),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "fsopen": (430, 430),
    "open_tree": (428, 428),
}


def program() -> bytes | None:
    """The filter as classic BPF; None for a processor that is not in the table."""
    return seccomp.program(DENIED, answer=errno.ENOSYS)


def as_file() -> int | None:
    """An open file to read the filter from, for bubblewrap's --seccomp; the caller closes it."""
    filtered = program()
    if filtered is None:
        return None
    reader, writer = os.pipe()
    os.write(writer, filtered)
    os.close(writer)
    return reader
