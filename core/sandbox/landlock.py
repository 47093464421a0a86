"""Which files a process may open, by Landlock (landlock(7)): no privileges, for good, and as far as the kernel goes."""

import ctypes
import os
import struct
from collections.abc import Iterable
from contextlib import suppress

# The same numbers on every processor (linux/landlock.h and the tables of system calls).
CREATE, ADD, RESTRICT = 444, 445, 446
VERSION, PATH_BENEATH, NO_NEW_PRIVS = 1, 1, 38
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
#: Every deed with files that a version of Landlock knows, as the number of its lowest bits.
_BITS = {1: 13, 2: 14, 3: 15, 4: 15}
LATER_BITS = 16


def is_available() -> bool:
    """Whether this kernel has Landlock switched on; changes nothing."""
    return _version() > 0


def deny_files(*, readable: Iterable[str]) -> bool:
    """From now on this process opens no file but those below `readable`, and these only to read.

    What is open stays open, and files in memory (memfd_create) stay possible. Returns whether the kernel did it: not
    every one has Landlock, so it is never the only guard.
    """
    version = _version()
    if version < 1:
        return False
    handled = (1 << _BITS.get(version, LATER_BITS)) - 1
    ruleset = _syscall(CREATE, struct.pack("=Q", handled), 8, 0)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            with suppress(OSError):
                _allow(ruleset, path)
        _libc().prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
        return _syscall(RESTRICT, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        _syscall(ADD, ruleset, PATH_BENEATH, struct.pack("=Qi", READ_FILE | READ_FOLDER, folder), 0)
    finally:
        os.close(folder)


def _version() -> int:
    return _syscall(CREATE, None, 0, VERSION)


def _syscall(number: int, *arguments: int | bytes | None) -> int:
    wide = [ctypes.c_ulong(each) if isinstance(each, int) else ctypes.c_char_p(each) for each in arguments]
    return int(_libc().syscall(ctypes.c_long(number), *wide))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
