"""The object store: what sealing costs, in turns with the same bytes stored plain, in the same folder."""

import io
from collections.abc import Callable

from benchmarks.ground.measure import Times, timed
from benchmarks.ground.registry import fresh
from benchmarks.ground.report import Report, ratio

ROUNDS = 15
SIZES = {"512 KiB": 512 << 10, "64 MiB": 64 << 20}


def compare(report: Report, name: str, size: int) -> None:
    """Writing with a SHA-256 on the way, and reading with one, plain and sealed; who begins changes."""
    from django.conf import settings

    from core.storage import work
    from core.storage.models import StoredObject
    from core.storage.zones import Zone
    from tests.factories.core import SETUP, programme

    data = bytes(range(256)) * (size // 256)
    lungs = programme(f"bench-{size}")
    times = {(deed, sealed): Times() for deed in ("write", "read") for sealed in (False, True)}
    several = max((8 << 20) // size, 1)

    def write(sealed: bool) -> list[StoredObject]:
        settings.OBJECT_STORE["sealed"] = sealed
        things = [work.reserve(Zone.CLEAN, programme_id=lungs.pk, donor_id=None) for _ in range(several)]

        def deed() -> None:
            for thing in things:
                work.write(thing, io.BytesIO(data), by=SETUP)

        timed(deed, times["write", sealed])
        return things

    for turn in range(ROUNDS):
        for sealed in (turn % 2 == 0, turn % 2 == 1):
            things = write(sealed)
            timed(_read(things), times["read", sealed])
            work.erase(things, by=SETUP, why="bench")
    settings.OBJECT_STORE["sealed"] = True
    for deed in ("write", "read"):
        plain, mine = (1000 * times[deed, sealed].median / several for sealed in (False, True))
        report.figure(f"{deed} {name}, plain", plain, "ms CPU", floor=1.0)
        report.figure(f"{deed} {name}, sealed", mine, "ms CPU", floor=ratio(mine, plain))


def _read(things: list) -> Callable[[], object]:
    from core.storage import work

    return lambda: [work.read(thing) for thing in things]


def main() -> None:
    """Each size in its turn."""
    fresh()
    report = Report("store")
    for name, size in SIZES.items():
        compare(report, name, size)
    report.write()


if __name__ == "__main__":
    main()
