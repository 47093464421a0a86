"""The few system calls that a training program never needs and that would get around the limits (seccomp(2)).

The list is short on purpose: everything else is the namespaces' and limits' work. A denied call answers ENOSYS, as an
older kernel would, so that libraries fall back.
"""

import os
import platform
import struct
from collections.abc import Mapping

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

# AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of linux/audit.h, with the column above that holds its numbers.
ARCHITECTURES: Mapping[str, tuple[int, int]] = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

LOAD, IF_EQUAL, IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER_AT, ARCHITECTURE_AT = 0, 4
ALLOW, KILL_PROCESS, NO_SUCH_CALL = 0x7FFF0000, 0x80000000, 0x00050000 | 38
# Calls of the x32 interface share the architecture but have numbers of their own.
X32_FROM = 0x40000000


def program() -> bytes | None:
    """The filter as classic BPF (a row of struct sock_filter); None for a processor that is not in the table."""
    if platform.machine() not in ARCHITECTURES:
        return None
    architecture, column = ARCHITECTURES[platform.machine()]
    steps = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (IF_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER_AT),
        (IF_AT_LEAST, len(DENIED) + 1, 0, X32_FROM),
    ]
    # Each jump skips the rest of the comparisons and the ALLOW behind them.
    numbers = [pair[column] for pair in DENIED.values()]
    steps += [(IF_EQUAL, len(numbers) - index, 0, number) for index, number in enumerate(numbers)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, NO_SUCH_CALL)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def as_file() -> int | None:
    """An open file to read the filter from, for bubblewrap's --seccomp; the caller closes it."""
    filtered = program()
    if filtered is None:
        return None
    reader, writer = os.pipe()
    os.write(writer, filtered)
    os.close(writer)
    return reader
