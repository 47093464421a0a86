"""Feeds broken files to the engine: `python -m tests.deid.evidence.fuzz SECONDS`; guided by coverage with atheris.

atheris (Apache-2.0, `pip install atheris`) is no dependency: 35 MB for one test at night. Without it the same files are
broken at random. An input that the engine fails at, or (with atheris) takes twenty seconds for, is left in the folder
that is named, and the exit code is not 0.
"""

import math
import random
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

SEEDS = ("CT_small.dcm", "reportsi.dcm", "UN_sequence.dcm", "693_J2KR.dcm", "rtstruct.dcm", "image_dfl.dcm")
_LONGEST = 20_000
_LENGTHS = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\1\0\0\0")
_NAME = "Zwetschgenbaum"


def target() -> Callable[[bytes], None]:
    """What is done with each input: cleaned under both profiles, and what comes out cleaned once more."""
    deid = import_module("curation.deid")
    key = deid.derive_subject_key(b"k" * 32, "fuzz")

    def one(data: bytes) -> None:
        for profile in (deid.BASIC, deid.RESEARCH):
            result = deid.deidentify(data, key=key, profile=profile)
            if isinstance(result, deid.Quarantined):
                assert result.reason != "engine_failed"
                continue
            again = deid.deidentify(result.data, key=key, profile=profile)
            assert not isinstance(again, deid.Quarantined) or again.reason != "engine_failed"
            assert result.data[:132] == bytes(128) + b"DICM"

    return one


def seeds() -> list[bytes]:
    """Small files of many sorts, planted and real."""
    corpus, places = import_module("tests.deid.corpus"), import_module("tests.deid.evidence.places")
    real = [path.read_bytes()[:_LONGEST] for path in corpus.files() if path.name in SEEDS]
    return real + [build(_NAME) for build in places.PLACES.values()]


def broken(files: list[bytes], draw: random.Random) -> Iterator[bytes]:
    """Files with bytes changed, left out, put in twice, and lengths that lie."""
    while True:
        data = bytearray(draw.choice(files))
        for _ in range(draw.randint(1, 8)):
            at = draw.randrange(132, len(data))
            match draw.randrange(4):
                case 0:
                    data[at] = draw.randrange(256)
                case 1:
                    del data[at : at + draw.randint(1, 16)]
                case 2:
                    data[at:at] = data[at - draw.randint(1, 64) : at]
                case _:
                    data[at : at + 4] = draw.choice(
                        (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\1\0\0\0")
                    )
        yield bytes(data)


def at_random(most: int = sys.maxsize, *, seconds: float = math.inf, seed: int = 0) -> int:
    """Tries so many inputs, or as many as so many seconds allow; raises AssertionError at the first that fails.

    How many were tried.
    """
    one, tried, until = target(), 0, time.monotonic() + seconds
    for data in islice(broken(seeds(), random.Random(seed)), most):
        if time.monotonic() > until:
            break
        one(data)
        tried += 1
    return tried


def guided(seconds: int, folder: Path) -> None:
    """Runs atheris, which ends the process."""
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["curation.deid"]):
        one = target()
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds()):
        (folder / f"seed-{number}").write_bytes(data)
    limits = [f"-max_total_time={seconds}", f"-max_len={_LONGEST}", "-timeout=20", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *limits, str(folder)], one)
    atheris.Fuzz()


def main(seconds: int, folder: Path) -> None:
    """Guided where atheris is there."""
    if find_spec("atheris"):
        guided(seconds, folder)
    else:
        sys.stdout.write(f"{at_random(seconds=seconds)} inputs\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path("var/fuzz"))
