"""Pictures of cleaned files: examined by a child that may die, asked by threads, without a secret or a way out."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from uuid import UUID

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file

from curation.deid.pictures.plan import PixelPlan
from curation.pixels.child import server, wire
from curation.pixels.limits import CannotShow
from curation.pixels.task import Task
from curation.rules.reasons import PICTURE
from curation.rules.thumbnails import EDGE, thumbnail
from curation.work.child import Child, Children, NoWalls

#: A picture that is clear and is not searched: what is asked here is whether it is opened at all.
PLAIN = Task(PixelPlan("clear"), second_look=False)


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    found = Child()
    yield found
    found.stop()


def sample(name: str, change: Callable[[Dataset], None] | None = None) -> bytes:
    """A real file, changed."""
    dataset = dcmread(str(get_testdata_file(name)))
    if change is not None:
        change(dataset)
    out = BytesIO()
    dataset.save_as(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "mode", "size"),
    [
        ("CT_small.dcm", "L", (128, 128)),
        ("MR_small_RLE.dcm", "L", (64, 64)),
        ("examples_palette.dcm", "RGB", (800, 350)),
        ("examples_ybr_color.dcm", "RGB", (640, 480)),  # 30 frames, 320 x 240: four of them
        ("emri_small.dcm", "L", (128, 128)),  # 10 frames of 64 x 64
        ("693_J2KI.dcm", "L", (512, 512)),
        ("JPEG2000.dcm", "L", (256, 1024)),
        ("JPGLosslessP14SV1_1s_1f_8b.dcm", "L", (1024, 768)),
        ("liver_1frame.dcm", "L", (512, 512)),  # a bit a pixel
    ],
)
def test_real_files_are_drawn(child: Child, name: str, mode: str, size: tuple[int, int]) -> None:
    drawn = Image.open(BytesIO(child.examine(sample(name), PLAIN).after.png))
    assert (drawn.format, drawn.mode, drawn.size) == ("PNG", mode, size)
    assert len(np.unique(np.asarray(drawn))) > 1


def test_it_says_where_the_image_stands_in_its_series(child: Child) -> None:
    def seventh(dataset: Dataset) -> None:
        dataset.InstanceNumber = 7

    assert child.examine(sample("CT_small.dcm", seventh), PLAIN).position == 7


def test_a_codestream_that_claims_a_huge_picture_costs_one_file(child: Child) -> None:
    data = bytearray(sample("693_J2KI.dcm"))
    at = data.index(b"\xff\x4f\xff\x51") + 8  # SIZ: Xsiz and Ysiz (ISO/IEC 15444-1 annex A.5.1)
    data[at : at + 8] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(CannotShow) as refused:
        child.examine(bytes(data), PLAIN)
    assert refused.value.reason in PICTURE
    assert child.examine(sample("CT_small.dcm"), PLAIN).after.png


def test_a_real_file_that_only_software_under_the_gpl_could_decode_has_no_decoder(child: Child) -> None:
    with pytest.raises(CannotShow, match="no_decoder"):
        child.examine(sample("JPEG-lossy.dcm"), PLAIN)


def test_pixels_without_a_size_are_refused_and_a_file_without_pixels_gets_a_card(child: Child) -> None:
    def without_size(dataset: Dataset) -> None:
        del dataset.Rows

    def without_pixels(dataset: Dataset) -> None:
        del dataset.Rows, dataset.PixelData

    with pytest.raises(CannotShow, match="picture_broken"):
        child.examine(sample("CT_small.dcm", without_size), PLAIN)
    assert child.examine(sample("CT_small.dcm", without_pixels), PLAIN).after.png


@pytest.mark.parametrize("data", [b"", b"junk", b"\0" * 128 + b"DICM" + b"\xff" * 64])
def test_what_is_no_dicom_is_refused(child: Child, data: bytes) -> None:
    with pytest.raises(CannotShow) as refused:
        child.examine(data, PLAIN)
    assert refused.value.reason in PICTURE


def test_a_child_that_something_else_killed_is_started_again_and_costs_no_file(child: Child) -> None:
    first = child.examine(sample("CT_small.dcm"), PLAIN)
    assert child._child is not None
    os.kill(child._child.pid, signal.SIGKILL)
    assert child.examine(sample("CT_small.dcm"), PLAIN) == first


def test_two_work_at_once_and_a_third_waits() -> None:
    data = sample("CT_small.dcm")
    children = Children()
    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(children.examine, data, PLAIN, UUID(int=number % 2 + 1)) for number in range(9)]
        assert len({each.result().after.png for each in asked}) == 1
    children.stop()


def test_a_file_that_kills_the_child_every_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def dies(_: Child, head: bytes, data: bytes) -> bytes:
        asked.append(len(data))
        raise EOFError

    monkeypatch.setattr(Child, "_ask", dies)
    with pytest.raises(CannotShow, match="picture_broken"):
        Child().examine(b"123", PLAIN)
    assert asked == [3, 3]


def test_where_a_child_cannot_be_walled_in_nothing_is_opened_and_no_file_is_blamed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = subprocess.Popen

    def without_walls(command: list[str], **options: object) -> "subprocess.Popen[bytes]":
        lies = f"import sys; sys.exit({server.WALL_LESS})"
        return real([command[0], "-c", lies], **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(subprocess, "Popen", without_walls)
    with pytest.raises(NoWalls):
        Child().examine(sample("CT_small.dcm"), PLAIN)


@pytest.mark.parametrize(
    "answer",
    [
        wire.HEAD.pack(b"F", 12) + b"/etc/passwd\n",
        wire.HEAD.pack(b"F", 0),
        wire.HEAD.pack(b"P", 3) + b"png",
        wire.HEAD.pack(b"?", 0),
    ],
)
def test_an_answer_that_no_honest_child_gives_costs_the_file_and_says_nothing(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(Child, "_ask", lambda *_: answer)
    with pytest.raises(CannotShow, match="picture_broken"):
        Child().examine(b"123", PLAIN)


def test_the_child_knows_no_secret(child: Child) -> None:
    child.examine(sample("CT_small.dcm"), replace(PLAIN, seeds=("Doe^Jane",)))
    assert child._child is not None
    with open(f"/proc/{child._child.pid}/environ", "rb") as file:
        names = {line.partition(b"=")[0] for line in file.read().split(b"\0") if line}
    assert names <= {b"PYTHONPATH", b"OPENBLAS_NUM_THREADS", b"OMP_NUM_THREADS"}


def test_a_thumbnail_is_small_and_a_small_picture_stays(child: Child) -> None:
    large = child.examine(sample("693_J2KI.dcm"), PLAIN).after.png
    assert max(Image.open(BytesIO(thumbnail(large))).size) == EDGE
    small = child.examine(sample("CT_small.dcm"), PLAIN).after.png
    assert thumbnail(small) == small
