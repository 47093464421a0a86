"""Pictures of cleaned files: drawn by a child that may die, refused before decoding where they would swallow memory."""

import faulthandler
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from uuid import UUID

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.pixels import get_decoder
from pydicom.uid import JPEG2000Lossless

from curation.rules.reasons import PICTURE
from curation.rules.thumbnails import EDGE, thumbnail
from curation.work.render import hand, picture, server
from curation.work.child import Child, Children
from curation.work.render.picture import CannotShow, chosen, draw


@pytest.fixture(scope="module")
def drawer() -> Iterator[Drawer]:
    found = Drawer()
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


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(png)))


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
def test_real_files_are_drawn(drawer: Drawer, name: str, mode: str, size: tuple[int, int]) -> None:
    drawn = Image.open(BytesIO(drawer.draw(sample(name)).png))
    assert (drawn.format, drawn.mode, drawn.size) == ("PNG", mode, size)
    assert len(np.unique(np.asarray(drawn))) > 1


def test_it_says_where_the_image_stands_in_its_series(drawer: Drawer) -> None:
    def seventh(dataset: Dataset) -> None:
        dataset.InstanceNumber = 7

    assert drawer.draw(sample("CT_small.dcm", seventh)).position == 7


def test_the_frames_that_are_shown_include_the_first_and_the_last() -> None:
    assert [chosen(count) for count in (0, 1, 4, 5, 30)] == [[0], [0], [0, 1, 2, 3], [0, 1, 3, 4], [0, 10, 19, 29]]


def test_monochrome1_is_turned_over() -> None:
    def other(dataset: Dataset) -> None:
        dataset.PhotometricInterpretation = "MONOCHROME1"

    plain, turned = (pixels(draw(data).png) for data in (sample("CT_small.dcm"), sample("CT_small.dcm", other)))
    assert np.array_equal(plain, 255 - turned)


def test_writing_outside_the_window_is_not_lost_where_the_window_shows_nothing() -> None:
    def blind(dataset: Dataset) -> None:
        dataset.WindowCenter, dataset.WindowWidth = 60_000, 1

    assert len(np.unique(pixels(draw(sample("CT_small.dcm", blind)).png))) > 100


def test_a_header_that_claims_a_huge_picture_is_refused_before_anything_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def huge(dataset: Dataset) -> None:
        dataset.Rows = dataset.Columns = 65_535

    monkeypatch.setattr(picture, "pixel_array", lambda *_, **__: pytest.fail("it was decoded"))
    with pytest.raises(CannotShow, match="picture_too_large"):
        draw(sample("CT_small.dcm", huge))


def test_a_codestream_that_claims_a_huge_picture_costs_one_file(drawer: Drawer) -> None:
    data = bytearray(sample("693_J2KI.dcm"))
    at = data.index(b"\xff\x4f\xff\x51") + 8  # SIZ: Xsiz and Ysiz (ISO/IEC 15444-1 annex A.5.1)
    data[at : at + 8] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(CannotShow, match="picture_broken"):
        drawer.draw(bytes(data))
    assert drawer.draw(sample("CT_small.dcm")).png


def test_where_no_decoder_is_there_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(get_decoder(JPEG2000Lossless)), "is_available", False)
    with pytest.raises(CannotShow, match="no_decoder"):
        draw(sample("JPEG2000.dcm"))


def test_a_real_file_that_only_software_under_the_gpl_could_decode_has_no_decoder(drawer: Drawer) -> None:
    with pytest.raises(CannotShow, match="no_decoder"):
        drawer.draw(sample("JPEG-lossy.dcm"))


def test_pixels_without_a_size_are_refused_and_a_file_without_pixels_gets_a_card(drawer: Drawer) -> None:
    def without_size(dataset: Dataset) -> None:
        del dataset.Rows

    def without_pixels(dataset: Dataset) -> None:
        del dataset.Rows, dataset.PixelData

    with pytest.raises(CannotShow, match="picture_broken"):
        drawer.draw(sample("CT_small.dcm", without_size))
    assert drawer.draw(sample("CT_small.dcm", without_pixels)).png


@pytest.mark.parametrize("data", [b"", b"junk", b"\0" * 128 + b"DICM" + b"\xff" * 64])
def test_what_is_no_dicom_is_refused(drawer: Drawer, data: bytes) -> None:
    with pytest.raises(CannotShow) as refused:
        drawer.draw(data)
    assert refused.value.reason in PICTURE


def test_a_child_that_something_else_killed_is_started_again_and_costs_no_file(drawer: Drawer) -> None:
    first = drawer.draw(sample("CT_small.dcm"))
    assert drawer._child is not None
    os.kill(drawer._child.pid, signal.SIGKILL)
    assert drawer.draw(sample("CT_small.dcm")).png == first.png


def test_two_draw_at_once_and_a_third_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = sample("CT_small.dcm")
    alone = draw(drawn).png
    drawers = Drawers()
    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(drawers.draw, drawn, UUID(int=number % 2 + 1)) for number in range(9)]
        assert {each.result().png for each in asked} == {alone}
    drawers.stop()


def test_a_file_that_kills_the_child_every_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def dies(_: Drawer, head: bytes, data: bytes) -> bytes:
        asked.append(len(data))
        raise EOFError

    monkeypatch.setattr(Drawer, "_ask", dies)
    with pytest.raises(CannotShow, match="picture_broken"):
        Drawer().draw(b"123")
    assert asked == [3, 3]


def crash(_: bytes) -> None:
    faulthandler.disable()  # the test runner's, which would print this wanted crash
    os.kill(os.getpid(), signal.SIGSEGV)


@pytest.mark.parametrize(
    "die",
    [
        crash,
        lambda _: bytearray(64 * 1024**3),
        lambda _: 1 / 0,
        lambda _: signal.pause(),
        lambda _: os._exit(0),
    ],
    ids=["crash", "memory", "error", "hangs", "leaves"],
)
def test_a_decoder_that_dies_or_hangs_costs_one_file(
    monkeypatch: pytest.MonkeyPatch, die: Callable[[bytes], None]
) -> None:
    def draws_all_but_one(data: bytes) -> picture.Picture:
        if data == b"bad":
            die(data)
        return picture.Picture(data, 0)

    monkeypatch.setattr(hand, "draw", draws_all_but_one)
    monkeypatch.setattr(hand, "WALL_SECONDS", 1)
    given = [b"1", b"2", b"bad", b"3", b"bad"]
    for owner in (server.NOBODY, b"d" * server.OWNER):
        hands = server.Hands()
        answers = [hands.draw(owner, data) for data in given]
        hands.end()
        assert [answer == server.BROKEN for answer in answers] == [data == b"bad" for data in given]


def test_what_earlier_files_left_costs_no_later_one(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[bytes] = []

    def leaks(data: bytes) -> picture.Picture:
        left.append(data)
        if len(left) == 3:
            os._exit(1)
        return picture.Picture(data, len(left))

    monkeypatch.setattr(hand, "draw", leaks)
    hands = server.Hands()
    answers = [hands.draw(b"d" * server.OWNER, b"png") for _ in range(7)]
    hands.end()
    assert [hand.HEAD.unpack_from(answer)[1] for answer in answers] == [1, 2, 1, 2, 1, 2, 1]


def test_no_two_donations_share_a_drawing_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand, "draw", lambda _: picture.Picture(b"", os.getpid()))
    hands = server.Hands()
    owners = [b"a" * 16, b"a" * 16, b"b" * 16, b"a" * 16, server.NOBODY, server.NOBODY]
    first, again, *others = [hand.HEAD.unpack_from(hands.draw(owner, b""))[1] for owner in owners]
    hands.end()
    assert first == again
    assert len({first, *others}) == 5


def test_a_drawing_process_is_replaced_before_it_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand, "draw", lambda _: picture.Picture(b"", os.getpid()))
    hands = server.Hands()
    answers = [hands.draw(b"a" * 16, b"") for _ in range(hand.MOST_FILES + 1)]
    hands.end()
    assert len(set(answers)) == 2


def test_an_answer_that_breaks_off_is_none() -> None:
    whole = hand.HEAD.pack(b"P", 1, 3) + b"png"
    assert hand.is_whole(whole)
    assert not any(hand.is_whole(whole[:cut]) for cut in range(len(whole)))


def test_a_large_picture_and_a_large_file_pass_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand, "draw", lambda data: picture.Picture(data[::-1], 0))
    hands = server.Hands()
    data = os.urandom(5 << 20)
    assert hands.draw(b"a" * 16, data)[hand.HEAD.size :] == data[::-1]
    hands.end()


def test_the_child_knows_no_secret(drawer: Drawer) -> None:
    drawer.draw(sample("CT_small.dcm"))
    assert drawer._child is not None
    with open(f"/proc/{drawer._child.pid}/environ", "rb") as file:
        names = {line.partition(b"=")[0] for line in file.read().split(b"\0") if line}
    assert names <= {b"PYTHONPATH", b"OPENBLAS_NUM_THREADS", b"OMP_NUM_THREADS"}


def test_a_thumbnail_is_small_and_a_small_picture_stays() -> None:
    large = draw(sample("693_J2KI.dcm")).png
    assert max(Image.open(BytesIO(thumbnail(large))).size) == EDGE
    small = draw(sample("CT_small.dcm")).png
    assert thumbnail(small) == small
