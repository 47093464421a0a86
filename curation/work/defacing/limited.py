"""Puts limits on itself and becomes the program that it was told of: limits without code between fork and exec.

python limited.py MEMORY_BYTES CPU_SECONDS FILE_BYTES PROGRAM [ARGUMENT …]
"""

import os
import resource
import sys


def main() -> None:
    """Sets the limits of this process and of its children, then runs the program in its place."""
    memory, cpu, size, program = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, size),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    os.umask(0o077)
    os.execv(program[0], program)  # noqa: S606  that is what it is for


if __name__ == "__main__":
    main()
