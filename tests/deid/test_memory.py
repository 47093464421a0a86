"""A file of any size takes little memory: a long picture, the items of 20,000 frames, 20,000 fragments."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from struct import pack

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import EnhancedCTImageStorage, JPEGBaseline8Bit

from . import planted

ROOT = Path(__file__).parents[2]
MOST = 150  # megabytes
EDGE = 512
FRAME = EDGE * EDGE * 2
PROGRAM = """
import json, sys
from pathlib import Path
from curation.deid import RESEARCH
from curation.deid.folder.job import Job
from curation.deid.folder.worker import Task, Worker
here = Path(sys.argv[1])
job = Job(here / "in", here / "out", here / "report.json", RESEARCH, bytes(32))
worker = Worker(job, bytes(32), lambda number: None)
(number, whose), = worker.do(Task([(0, b"file")])).files
(outcome,) = worker.do(Task([(0, b"file")], whose.subject, whose.study)).files
# Not getrusage: that counts what this process was before it became this program, a copy of the tests' own.
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([outcome.status, peak // 1024, outcome.reason]))
"""


def header(frames: int) -> Dataset:
    """An enhanced object of so many frames, without its picture."""
    found = planted.dataset()
    del found[0x7FE00010], found[0xFFFCFFFC], found[0x60003000]
    found.SOPClassUID, found.NumberOfFrames = EnhancedCTImageStorage, frames
    found.Rows = found.Columns = EDGE
    return found


def taken(folder: Path, start: bytes, picture: bytes = b"", size: int = 0) -> None:
    """Cleans a file in a process of its own: that works, and takes no more than it may; the rest of it is a hole."""
    (folder / "in").mkdir()
    (folder / "out" / ".unfinished").mkdir(parents=True)
    with (folder / "in" / "file").open("wb") as file:
        file.write(start + picture)
        file.truncate(len(start) + max(size, len(picture)))
    ended = subprocess.run([sys.executable, "-c", PROGRAM, folder], cwd=ROOT, capture_output=True, check=True)
    status, peak, reason = json.loads(ended.stdout)
    assert (status, reason) == ("clean", "")
    assert peak < MOST
    (written,) = (folder / "out").glob("*/*/*.dcm")
    assert written.stat().st_size > size
    written.unlink()
    (folder / "in" / "file").unlink()


@pytest.mark.parametrize("frames", [2048, pytest.param(8000, marks=pytest.mark.nightly)])
def test_one_long_picture(tmp_path: Path, frames: int) -> None:
    start = planted.as_file(header(frames)) + pack("<HH2sHL", 0x7FE0, 0x10, b"OW", 0, frames * FRAME)
    taken(tmp_path, start, size=frames * FRAME)


@pytest.mark.parametrize("frames", [5_000, pytest.param(20_000, marks=pytest.mark.nightly)])
def test_the_items_of_many_frames(tmp_path: Path, frames: int) -> None:
    found = header(frames)
    found.Rows = found.Columns = 16
    items = []
    for number in range(frames):
        item, content, place = Dataset(), Dataset(), Dataset()
        content.FrameAcquisitionDateTime, content.FrameComments = "20190102101112", planted.NAME
        content.DimensionIndexValues = [1, number + 1]
        place.ImagePositionPatient = [0, 0, number]
        item.FrameContentSequence, item.PlanePositionSequence = Sequence([content]), Sequence([place])
        items.append(item)
    found.PerFrameFunctionalGroupsSequence = Sequence(items)
    taken(tmp_path, planted.as_file(found) + pack("<HH2sHL", 0x7FE0, 0x10, b"OW", 0, frames * 512), size=frames * 512)


@pytest.mark.parametrize("size", [3000, pytest.param(20_000, marks=pytest.mark.nightly)])
def test_twenty_thousand_fragments(tmp_path: Path, size: int) -> None:
    start = planted.as_file(header(20_000), syntax=JPEGBaseline8Bit)
    frame = b"\xff\xd8\xff\xda\0\x08\1\1\0\0\x3f\0" + b"\x55" * size + b"\xff\xd9"
    picture = BytesIO()
    picture.write(pack("<HH2sHL", 0x7FE0, 0x10, b"OB", 0, 0xFFFFFFFF) + pack("<HHL", 0xFFFE, 0xE000, 0))
    for _ in range(20_000):
        picture.write(pack("<HHL", 0xFFFE, 0xE000, len(frame)) + frame)
    picture.write(pack("<HHL", 0xFFFE, 0xE0DD, 0))
    taken(tmp_path, start, picture.getvalue())
