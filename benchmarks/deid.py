"""De-identification: processor time a file against a floor (copy and one SHA-256), pydicom alone, and other tools."""

import hashlib
from collections.abc import Callable

from benchmarks.ground import peers
from benchmarks.ground.measure import in_turns
from benchmarks.ground.report import Report, ratio
from benchmarks.ground.slices import ct_slices, real_files
from curation.deid import Cleaned, SubjectKey, deidentify, residual_search, subject_values

KEY = SubjectKey(b"\x07" * 32)
ROUNDS, SLICES = 7, 12
FLOOR, PLAIN, OURS, SEARCHED = "copy and SHA-256", "pydicom read and write", "deidentify", "deidentify and search"


def floor(data: bytes) -> str:
    """The least that keeping a file takes: its bytes copied and hashed once."""
    return hashlib.sha256(bytes(bytearray(data))).hexdigest()


def ours(data: bytes) -> object:
    """The engine: the Basic Profile at every depth, with digests of source and output."""
    return deidentify(data, key=KEY)


def searched(data: bytes) -> object:
    """The engine, then the search of its output for everything in the source that says whose it is."""
    cleaned = deidentify(data, key=KEY)
    assert isinstance(cleaned, Cleaned)
    return residual_search(cleaned.data, subject_values(data))


def taken(one: Callable[[bytes], object], files: list[bytes]) -> set[int]:
    """Which of the files, by their place, a tool takes without an exception."""
    places = set()
    for place, data in enumerate(files):
        try:
            one(data)
            places.add(place)
        except Exception:  # whatever a tool raises at a file: only the number is told
            continue
    return places


def compare(report: Report, corpus: str, files: list[bytes]) -> None:
    """Every tool, in turns, over those of the files that all of them take; how many each takes is told too."""
    found, absent = peers.available()
    tools: dict[str, Callable[[bytes], object]] = {
        FLOOR: floor,
        PLAIN: peers.read_and_write,
        OURS: ours,
        SEARCHED: searched,
        **found,
    }
    takes = {name: taken(one, files) for name, one in tools.items()}
    common = [files[place] for place in sorted(set.intersection(*takes.values()))]
    times = in_turns({name: _over(one, common) for name, one in tools.items()}, ROUNDS)
    plain, least, size = times[PLAIN].median, times[FLOOR].median, sum(map(len, common)) // len(common) // 1000
    for name, one in times.items():
        of = {"floor": ratio(one.median, least), "pydicom": ratio(one.median, plain)}
        facts = {"files": len(common), "kb": size, "takes": f"{len(takes[name])} of {len(files)}"}
        report.figure(f"{corpus}: {name}", 1000 * one.median / len(common), "ms CPU a file", **of, **facts)
    for name in absent:
        report.figure(f"{corpus}: {name}", 0, "not installed, so not timed")


def _over(one: Callable[[bytes], object], files: list[bytes]) -> Callable[[], object]:
    return lambda: [one(data) for data in files]


def main() -> None:
    """CT slices of a scanner's size, then the real files of pydicom that the engine cleans."""
    peers.quiet()
    report = Report("deid")
    compare(report, "CT slice", [data for _, data in ct_slices(SLICES)])
    compare(report, "real file", [data for data in real_files() if isinstance(deidentify(data, key=KEY), Cleaned)])
    report.write()


if __name__ == "__main__":
    main()
