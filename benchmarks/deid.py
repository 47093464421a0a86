"""De-identification: a scanner's series and real files, by every tool that is there, with what each leaves behind."""

import shutil
import statistics
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

from benchmarks.ground.race import MEMORY, Pairs, Tool, Turn, in_turns, started
from benchmarks.ground.report import Report, ratio
from benchmarks.ground.scanner import ct_series
from benchmarks.ground.survivors import left_behind
from tests.deid import corpus

SLICES, ROUNDS = 200, 5
FLOOR, PLAIN, OURS = "copy", "pydicom", "donara"
WORDS = {
    FLOOR: "the floor: copy with both digests",
    PLAIN: "pydicom, read and write alone",
    OURS: "Donara, every gate on, both digests",
    "gdcmanon": "gdcmanon, a process a file",
    "gdcmanon -r": "gdcmanon, a process for all",
}
PEERS = ("dicognito", "dicom-anonymizer", "deid")
_LARGE = 4 << 20


def pairs_for(name: str, files: Sequence[Path], folder: Path) -> Pairs:
    """What a tool is asked for: each file, or the folder that they are in."""
    out = folder / f"out {name}"
    out.mkdir(exist_ok=True)
    if name.endswith(" -r"):
        return [(files[0].parent, out)]
    return [(path, out / path.name) for path in files]


def tell(report: Report, corpus: str, turns: dict[str, list[Turn]], count: int, takes: dict[str, str]) -> None:
    """Each tool's median round, as processor time a file and as multiples of the floor and of pydicom alone."""
    median = {name: statistics.median(turn.cpu for turn in each) for name, each in turns.items()}
    for name, cpu in median.items():
        against = {"floor": ratio(cpu, median[FLOOR]), "pydicom": ratio(cpu, median[PLAIN])}
        told = {"takes": takes[name]} if name in takes else {}
        report.figure(f"{corpus}: {WORDS.get(name, name)}", 1000 * cpu / count, "ms CPU a file", **against, **told)
    for name, each in turns.items():
        report.figure(f"{corpus}: memory, {WORDS.get(name, name)}", each[-1].kilobytes / 1000, "MB at most")


def series(report: Report, folder: Path) -> None:
    """One patient's slices, in one series."""
    source = folder / "series"
    source.mkdir()
    files = [source / f"{number:04}.dcm" for number in range(SLICES)]
    for path, data in zip(files, ct_series(SLICES), strict=True):
        path.write_bytes(data)
    tools, absent = started((FLOOR, PLAIN, OURS, "gdcmanon -r", *PEERS))
    tell(
        report, "series", in_turns(tools, {name: pairs_for(name, files, folder) for name in tools}, ROUNDS), SLICES, {}
    )
    for name in absent:
        report.figure(f"series: {name}", 0, "not installed, so not timed")
    for tool in tools.values():
        tool.close()
    _two_processes(report, files, folder)


def _two_processes(report: Report, files: list[Path], folder: Path) -> None:
    """Two processes, each with half of the slices, against one with all of them."""
    one, *two = (Tool(OURS) for _ in range(3))
    all_of, half = pairs_for(OURS, files, folder), len(files) // 2
    times = []
    for _ in range(ROUNDS):
        alone = one.turn(all_of).wall
        for tool, part in zip(two, (all_of[:half], all_of[half:]), strict=True):
            tool.ask(part)
        times.append(alone / max(tool.answer().wall for tool in two))
    report.figure("series: two processes against one", statistics.median(times), "times the files a second")
    for tool in (one, *two):
        tool.close()


def real(report: Report, folder: Path) -> None:
    """The files of pydicom, pydicom-data and deid-data: who takes how many, how fast, and what is left behind."""
    source = folder / "real"
    source.mkdir()
    found = [path for path in corpus.files() if path.stat().st_size < _LARGE and _is_dicom(path)]
    files = [Path(shutil.copy(path, source / f"{number:04}.dcm")) for number, path in enumerate(found)]
    tools, _ = started((FLOOR, PLAIN, OURS, "gdcmanon", *PEERS))
    pairs = {name: pairs_for(name, files, folder) for name in tools}
    failed = {name: set(tool.turn(pairs[name]).failed) for name, tool in tools.items()}
    takes = {name: f"{len(files) - len(places)} of {len(files)}" for name, places in failed.items()}
    common = [place for place in range(len(files)) if not any(place in places for places in failed.values())]
    chosen = {name: [pairs[name][place] for place in common] for name in tools}
    tell(report, "real file", in_turns(tools, chosen, ROUNDS), len(common), takes)
    for tool in tools.values():
        tool.close()
    for name in (*PEERS, "gdcmanon", OURS):
        if name in tools:
            behind(report, name, pairs[name])


def behind(report: Report, name: str, pairs: Pairs) -> None:
    """In how many files a tool leaves what should have gone: ours under the Basic Profile and no option, as theirs."""
    tool = Tool(name, PROFILE="basic")
    for _, target in pairs:
        target.unlink(missing_ok=True)
    failed = set(tool.turn(pairs).failed)
    tool.close()
    done = [pair for place, pair in enumerate(pairs) if place not in failed and pair[1].exists()]
    found = [left_behind(source.read_bytes(), target.read_bytes()) for source, target in done]
    words, of = {OURS: "Donara, basic"}.get(name, name), {"takes": f"{len(found)} of {len(pairs)}"}
    for place, what in enumerate(("values of the table in sequences", "private elements", "a preamble")):
        report.figure(f"left by {words}: {what}", sum(each[place] for each in found), "files", **of)


def _is_dicom(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(132)[128:] == b"DICM"


def main() -> None:
    """A scanner's series, then the real files."""
    warnings.simplefilter("ignore")
    report = Report("deid")
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="donara-bench-") as folder:
        series(report, Path(folder))
        real(report, Path(folder))
    report.write()


if __name__ == "__main__":
    main()
