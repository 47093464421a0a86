"""Feeds broken files to the door: `python -m tests.hostile.fuzz header|zip|stow SECONDS`; guided with atheris.

atheris is no dependency, as in tests/deid/evidence/fuzz.py. Without it the hostile files of this folder are broken at
random. An input that the door fails at is left in the folder that is named, and the exit code is not 0. What was found
becomes a case here, so that it stays mended.
"""

import math
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

LONGEST = 20_000
LENGTHS = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\1\0\0\0")
Target = Callable[[bytes], None]


def header(data: bytes) -> None:
    """Reads a header: it is read, or refused with a sentence."""
    rules, sniff = import_module("registry.rules.header"), import_module("registry.rules.sniff")
    assert sniff.kind_of(data[: sniff.HEAD_BYTES]) in sniff.Kind
    try:
        found = rules.read_header(BytesIO(data))
    except rules.HeaderError as refused:
        _require_sentence(refused.sentence)
    else:
        assert all(isinstance(value, str) for value in vars(found).values())


def walk(data: bytes) -> None:
    """Walks through a ZIP: at most what its limits allow comes out, or it is refused with a sentence."""
    rules = import_module("registry.rules.archive")
    limits = rules.Limits(entries=100, file_bytes=1 << 20, total_bytes=4 << 20)
    total = 0
    try:
        for member in rules.walk(BytesIO(data), limits):
            if member.stream is None:
                _require_sentence(member.refusal)
                continue
            try:
                found = len(member.stream.read())
                assert found == member.size
                total += found
            except rules.DamagedMember:
                continue
    except rules.ArchiveRefused as refused:
        _require_sentence(refused.sentence)
    assert total <= limits.total_bytes


def related(data: bytes) -> None:
    """Reads a multipart body: its parts come out, or it is refused with a sentence."""
    rules = import_module("registry.rules.related")
    total = 0
    try:
        for part in rules.parts_of(BytesIO(data), "a-line"):
            total += sum(map(len, part.pieces))
    except rules.RelatedError as refused:
        _require_sentence(refused.sentence)
    assert total <= len(data)


def _require_sentence(text: str) -> None:
    assert text.endswith("."), text


TARGETS: dict[str, tuple[Target, str]] = {
    "header": (header, "scans"),
    "zip": (walk, "zips"),
    "stow": (related, "bodies"),
}


def seeds(family: str) -> list[bytes]:
    """The hostile files of a family that are small."""
    cases = import_module(f"tests.hostile.{family}").cases()
    return [case.data[:LONGEST] for case in cases if len(case.data) > 8]


def broken(files: list[bytes], draw: random.Random) -> Iterator[bytes]:
    """Files with bytes changed, left out, put in twice, and lengths that lie."""
    while True:
        data = bytearray(draw.choice(files))
        for _ in range(draw.randint(1, 8)):
            at = draw.randrange(len(data) or 1)
            match draw.randrange(4):
                case 0:
                    data[at : at + 1] = bytes([draw.randrange(256)])
                case 1:
                    del data[at : at + draw.randint(1, 16)]
                case 2:
                    data[at:at] = data[max(0, at - draw.randint(1, 64)) : at]
                case _:
                    data[at : at + 4] = draw.choice(LENGTHS)
        yield bytes(data)


def at_random(name: str, most: int = sys.maxsize, *, seconds: float = math.inf, seed: int = 0) -> int:
    """Tries so many inputs, or as many as so many seconds allow; raises at the first that fails.

    How many were tried.
    """
    target, family = TARGETS[name]
    tried, until = 0, time.monotonic() + seconds
    for data in islice(broken(seeds(family), random.Random(seed)), most):
        if time.monotonic() > until:
            break
        target(data)
        tried += 1
    return tried


def guided(name: str, seconds: int, folder: Path) -> None:
    """Runs atheris, which ends the process."""
    atheris: Any = import_module("atheris")
    target, family = TARGETS[name]
    with atheris.instrument_imports(include=["registry.rules", "zipfile", "pydicom"]):
        target(seeds(family)[0])
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(family)):
        (folder / f"seed-{number}").write_bytes(data)
    limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=20", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *limits, str(folder)], target)
    atheris.Fuzz()


def main(name: str, seconds: int, folder: Path) -> None:
    """Guided where atheris is there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.ground.settings")
    import_module("django").setup()
    if find_spec("atheris"):
        guided(name, seconds, folder)
    else:
        sys.stdout.write(f"{at_random(name, seconds=seconds)} inputs\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else Path("var/fuzz") / sys.argv[1])
