"""Pictures: real ones of each kind, cleaned and searched for writing, beside Presidio and a floor."""

import shutil
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

from pydicom import dcmread

from benchmarks.ground.race import MEMORY, Pairs, Tool, Turn, started
from benchmarks.ground.report import Report, ratio
from tests.deid import corpus

FLOOR, OURS, PEER = "pixels floor", "pixels", "presidio"
WORDS = {
    FLOOR: "the floor: pixels decoded and encoded",
    OURS: "Donara, header and picture",
    PEER: "Presidio, by Tesseract and spaCy's small model",
}
ABSENT = {PEER: "not there: it needs PyPI, and Debian's tesseract-ocr"}
#: Real files of each kind, by how their paths end.
KINDS = {
    "CT": ("693_UNCR.dcm", "693_J2KR.dcm", "explicit_VR-UN.dcm", "bad_sequence.dcm"),
    "MR": ("examples_overlay.dcm", "MR-SIEMENS-DICOM-WithOverlays.dcm", "MR2_J2KR.dcm"),
    "radiograph": ("RG3_J2KR.dcm",),
    "ultrasound": ("US1_UNCR.dcm", "RGB_IMAGE.dcm", "OBXXXX1A.dcm"),
    "ultrasound cine": ("examples_ybr_color.dcm", "OBXXXX1A_rle_2frame.dcm"),
    "photograph": ("dicom-cookies/image1.dcm",),
    "screen": ("vlut_04.dcm", "SC_rgb_rle.dcm"),
}


def files_of(kind: str, folder: Path) -> tuple[list[Path], int]:
    """Copies of the files of a kind, and how many frames they have together."""
    place = folder / kind
    place.mkdir()
    found = [path for path in corpus.files() if corpus.short_name(path).endswith(KINDS[kind])]
    files = [Path(shutil.copy(path, place / f"{number:02}.dcm")) for number, path in enumerate(found)]
    return files, sum(int(dcmread(path, stop_before_pixels=True).get("NumberOfFrames") or 1) for path in files)


def pairs_for(name: str, files: Sequence[Path]) -> Pairs:
    """Each file and where a tool puts what it makes of it."""
    out = files[0].parent / f"out {name}"
    out.mkdir()
    return [(path, out / path.name) for path in files]


def tell(report: Report, kind: str, tools: dict[str, Tool], folder: Path) -> tuple[int, int]:
    """The figures of one kind; how many of its files need a person, and how many there are."""
    files, frames = files_of(kind, folder)
    pairs = {name: pairs_for(name, files) for name in tools}
    turns = {name: tool.turn(pairs[name]) for name, tool in tools.items()}
    for name, turn in turns.items():
        _figure(report, f"{kind}: {WORDS[name]}", turn, turns[FLOOR], (len(files), frames))
    held = sum(not target.exists() for _, target in pairs[OURS])
    report.figure(f"{kind}: sent to people", held, f"of {len(files)} images")
    return held, len(files)


def _figure(report: Report, name: str, turn: Turn, floor: Turn, counts: tuple[int, int]) -> None:
    files, frames = counts
    done = files - len(turn.failed)
    each = "a frame" if frames > files else "an image"
    told = {"takes": f"{done} of {files}"} if turn.failed else {"floor": ratio(turn.cpu, floor.cpu)}
    report.figure(name, turn.cpu / frames, f"s CPU {each}", **told)


def main() -> None:
    """Each kind once by each tool that is there: a search takes seconds, so that more rounds tell little more."""
    warnings.simplefilter("ignore")
    report = Report("pixels")
    tools, absent = started((FLOOR, OURS, PEER))
    for name in absent:
        report.figure(WORDS[name], 0, ABSENT.get(name, "not there"))
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="donara-bench-") as folder:
        counts = [tell(report, kind, tools, Path(folder)) for kind in KINDS]
    held, whole = (sum(column) for column in zip(*counts, strict=True))
    report.figure("all kinds: sent to people", held, f"of {whole} images")
    for name, tool in tools.items():
        report.figure(f"memory, {WORDS[name]}", tool.turn([]).kilobytes / 1000, "MB at most")
        tool.close()
    report.write()


if __name__ == "__main__":
    main()
