"""Filters of system calls (seccomp(2)): built from a table of what is denied, and put upon the process that asks.

A filter needs no privileges, holds for every process that comes of this one, and nothing takes it off again.
"""

import ctypes
import errno
import platform
import struct
from collections.abc import Mapping
from functools import lru_cache

#: A call's number on x86_64 and on aarch64 (Linux's own tables: syscall_64.tbl, asm-generic/unistd.h); None where a
#: processor has no such call.
Numbers = tuple[int | None, int | None]

# AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of linux/audit.h, with the column above that holds its numbers.
ARCHITECTURES: Mapping[str, tuple[int, int]] = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

LOAD, IF_EQUAL, IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER_AT, ARCHITECTURE_AT = 0, 4
ALLOW, KILL_PROCESS, ANSWER = 0x7FFF0000, 0x80000000, 0x00050000
# Calls of the x32 interface share the architecture but have numbers of their own.
X32_FROM = 0x40000000
# linux/prctl.h and linux/seccomp.h.
SET_SECCOMP, SET_NO_NEW_PRIVS, MODE_FILTER = 22, 38, 2


class NoFilter(OSError):
    """This system puts no filter upon a process, or the processor is not in the table."""


class _Program(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


def program(denied: Mapping[str, Numbers], *, answer: int) -> bytes | None:
    """A filter that lets a denied call fail with the error number `answer`, as classic BPF (rows of sock_filter).

    A program for another architecture is killed. None for a processor that is not in the table.
    """
    if platform.machine() not in ARCHITECTURES:
        return None
    architecture, column = ARCHITECTURES[platform.machine()]
    numbers = [pair[column] for pair in denied.values() if pair[column] is not None]
    steps = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (IF_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER_AT),
        (IF_AT_LEAST, len(numbers) + 1, 0, X32_FROM),
    ]
    # Each jump skips the rest of the comparisons and the ALLOW behind them.
    steps += [(IF_EQUAL, len(numbers) - index, 0, number or 0) for index, number in enumerate(numbers)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, ANSWER | answer)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def deny(denied: Mapping[str, Numbers], *, answer: int = errno.EPERM) -> None:
    """Denies these calls to the calling thread and to what comes of it, for good; raises NoFilter."""
    steps = program(denied, answer=answer)
    if steps is None:
        raise NoFilter(f"There is no filter of system calls for {platform.machine()}.")
    wanted = _Program(len(steps) // 8, steps)
    if _prctl(SET_NO_NEW_PRIVS, 1) or _prctl(SET_SECCOMP, MODE_FILTER, ctypes.addressof(wanted)):
        raise NoFilter(ctypes.get_errno(), "The system took no filter of system calls.")


@lru_cache(maxsize=1)
def is_available() -> bool:
    """Whether `deny` can work here; changes nothing.

    A kernel that knows filters looks for the one at address 0 and finds none (EFAULT); another answers EINVAL.
    """
    if platform.machine() not in ARCHITECTURES or platform.system() != "Linux":
        return False
    return _prctl(SET_SECCOMP, MODE_FILTER, 0) == -1 and ctypes.get_errno() == errno.EFAULT


def _prctl(option: int, first: int, second: int = 0) -> int:
    """prctl(2); each argument as wide as a register, as the kernel reads it."""
    libc = ctypes.CDLL(None, use_errno=True)
    wide = [ctypes.c_ulong(value) for value in (first, second, 0, 0)]
    return int(libc.prctl(ctypes.c_int(option), *wide))
