"""What a process that opens donated pictures may not do: reach a network, begin or touch another process, leave files.

Decoders are what a hostile file breaks first. Whoever takes over such a process holds one donation's files and nothing
to send them with. The list names what reaches out of the process; everything else is limited by size and time.
"""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from core.sandbox.landlock import deny_files
from core.sandbox.seccomp import Numbers, deny

#: name: number on x86_64, number on aarch64 (Linux's own tables: syscall_64.tbl, asm-generic/unistd.h).
DENIED: Mapping[str, Numbers] = {
    # Networks, and sockets on the machine itself.
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "recvfrom": (45, 207),
    "recvmsg": (47, 212),
    "recvmmsg": (299, 243),
    # Ways around a filter: work that the kernel does on another's behalf.
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    # Other processes: none is begun, read, written, stopped or taken a file from.
    "clone": (56, 220),
    "clone3": (435, 435),
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "prlimit64": (302, 261),
    "setrlimit": (160, 164),
    # Memory and messages that outlive the process or belong to none.
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "memfd_secret": (447, 447),
    # Files: nothing is made, moved or taken away, whatever the user may do.
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "truncate": (76, 45),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    # Large parts of the kernel that only hostile programs would reach for here.
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "fsopen": (430, 430),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "userfaultfd": (323, 282),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
    "reboot": (169, 142),
    "swapon": (167, 224),
}

_ROOT = Path(__file__).resolve().parents[3]
_ROOMS = (_ROOT / "curation", _ROOT / "core", Path(os.__file__).resolve().parent)
MEMORY_BYTES, CPU_SECONDS = 3 * 1024**3, 240
#: The most that may be written to one file. jpeglib hands pictures over in a file in memory (memfd_create): none is
#: larger than the largest picture that is opened, and nothing may be written where it would stay.
FILE_BYTES = 64 * 1024**2
#: Where Python and the libraries are, and this code: what is imported late is read from there, and nothing else is.
_CODE = tuple(dict.fromkeys((sys.prefix, sys.base_prefix, "/usr/lib", "/lib", "/lib64", *map(str, _ROOMS))))
# linux/sched.h and linux/prctl.h.
_NEW_USER, _NEW_NET, _DIE_WITH_PARENT = 0x10000000, 0x40000000, 1


def leave_networks() -> None:
    """Goes to a network that has no way out, where the system allows it; the filter holds also where it does not."""
    libc = ctypes.CDLL(None, use_errno=True)
    with suppress(OSError, AttributeError):
        if libc.unshare(_NEW_NET) != 0:
            libc.unshare(_NEW_USER | _NEW_NET)


def wall_in(files: int) -> None:
    """Limits this process for good, for so many files.

    Raises NoFilter where system calls cannot be denied: then nothing may be opened.
    """
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CPU, (files + 1) * CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
    deny_files(readable=_CODE)
    deny(DENIED)


def allow_time() -> None:
    """So much processor time from now on; the signal that then comes ends the process."""
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)


def keep_only(*kept: int) -> None:
    """Closes everything that was open but these and the standard error: whoever waits for its end must not wait on."""
    for number in os.listdir("/proc/self/fd"):
        if int(number) not in {2, *kept}:
            with suppress(OSError):  # the listing's own
                os.close(int(number))
