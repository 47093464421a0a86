"""Where writing is suspected in a slice without the models: wherever somebody draws it, and hardly elsewhere."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import dcmread

from curation.deid.pictures.plan import PixelPlan
from curation.pixels import examine as examining
from curation.pixels import ocr, suspects
from curation.pixels.frames import open_picture
from curation.pixels.sharp import sharp_fields
from curation.pixels.strokes import even_strokes
from curation.pixels.suspects import Suspects, is_measured, places
from curation.pixels.task import Task
from tests.deid import corpus
from tests.pixels.drawn import Stored, over, real
from tests.pixels.evidence.fonts import mask_of

CLEAR = Task(PixelPlan("clear"), new_uid="2.25.7")
TEXT = "DOE^JANE 1957"
Draw = Callable[..., NDArray[np.float64]]
SLICES = ("693_UNCR.dcm", "bad_sequence.dcm", "explicit_VR-UN.dcm", "MR2_UNCR.dcm")


@cache
def values_of(name: str) -> Stored:
    path = next(each for each in corpus.files() if each.name == name)
    return open_picture(path.read_bytes()).stored(0)[:512, :512]


def by_pillow(shape: tuple[int, ...], size: int, at: tuple[int, int], *, smooth: bool) -> np.ndarray:
    cover, made = mask_of(TEXT, "sans" if smooth else "rough", size) / 255, np.zeros(shape)
    made[at[1] : at[1] + cover.shape[0], at[0] : at[0] + cover.shape[1]] = cover
    return made


def by_opencv(shape: tuple[int, ...], size: int, at: tuple[int, int], *, smooth: bool) -> np.ndarray:
    made, kind = np.zeros(shape, np.uint8), cv2.LINE_AA if smooth else cv2.LINE_8
    cv2.putText(made, TEXT, (at[0], at[1] + size), cv2.FONT_HERSHEY_SIMPLEX, size / 22, 255, 1, kind)
    return made / 255


def suspected(values: Stored) -> np.ndarray:
    """Which pixels the models would look at."""
    mask = np.zeros(values.shape, bool)
    for left, top, width, height in places([*even_strokes(values).perhaps, *sharp_fields(values)], *values.shape):
        mask[top : top + height, left : left + width] = True
    return mask


@pytest.mark.parametrize("name", SLICES)
@pytest.mark.parametrize("size", [8, 12, 20])
@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize("tool", [by_pillow, by_opencv])
def test_writing_in_a_slice_is_suspected_in_every_tone(name: str, size: int, smooth: bool, tool: Draw) -> None:
    values = values_of(name)
    low, high = int(values.min()), int(values.max())
    for number, tone in enumerate((low, high, (low + high) // 2, round(float(values.mean())) + 200)):
        at = ((8, 8), (values.shape[1] // 3, values.shape[0] // 2))[(number + size // 4) % 2]
        ink = tool(values.shape, size, at, smooth=smooth)
        drawn = over(values, ink, tone)
        if np.abs(drawn.astype(int) - values)[ink > 0.5].mean() < 4 * _noise(values, at):
            continue  # nobody can read it: black in air, white in bone
        assert suspected(drawn)[ink > 0.5].mean() > 0.6, (tone, at)


def _noise(values: Stored, at: tuple[int, int]) -> float:
    part = values[at[1] : at[1] + 30, at[0] : at[0] + 150].astype(np.float32)
    return max(float((part - cv2.blur(part, (5, 5))).std()), 1.0)


@pytest.mark.parametrize(("name", "most"), [("693_UNCR.dcm", 0.12), ("bad_sequence.dcm", 0.0), ("CT_small.dcm", 0.0)])
def test_little_is_suspected_where_nobody_wrote(name: str, most: float) -> None:
    assert suspected(values_of(name)).mean() <= most


def test_noise_of_any_size_and_small_frames_are_not_suspected() -> None:
    for spread in (2.5, 12, 60, 400):
        noise = np.random.default_rng(5).normal(1000, spread, (160, 240))
        assert sharp_fields(np.rint(noise).astype(np.int16)) == []
    for shape in ((1, 1), (3, 200), (200, 11)):
        assert sharp_fields(np.zeros(shape, np.uint16)) == []
    assert places([], 20, 20) == []


@pytest.mark.parametrize("tone", ["lowest", "middle", "highest"])
def test_a_clear_slice_with_writing_goes_to_a_person(tone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspects, "SAMPLED", 1 << 32)
    part = {"lowest": 0.0, "middle": 0.5, "highest": 1.0}[tone]

    def write(values: Stored) -> Stored:
        return over(
            values,
            by_pillow(values.shape, 12, (70, 120), smooth=True),
            float(np.quantile([values.min(), values.max()], part)),
        )

    assert examining.examine(real(change=write), CLEAR).risk == "look"


def test_the_models_do_not_run_where_nothing_is_suspected_but_for_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, ...]] = []

    def looked(shades: Stored) -> list[ocr.Box]:
        seen.append(shades.shape)
        return []

    monkeypatch.setattr(ocr, "boxes", looked)
    data = real("CT_small.dcm")
    monkeypatch.setattr(suspects, "SAMPLED", 1 << 32)
    assert examining.examine(data, CLEAR).risk == "clear"
    assert seen == []
    monkeypatch.setattr(suspects, "SAMPLED", 1)
    assert examining.examine(data, CLEAR).risk == "clear"
    assert seen


def test_the_sample_hangs_on_the_frame_alone() -> None:
    picture = open_picture(real("emri_small.dcm"))
    first = [Suspects(picture).where(index) for index in range(picture.count)]
    again = Suspects(picture)
    assert first == [again.where(index) for index in reversed(range(picture.count))][::-1]


@pytest.mark.parametrize("says", [{"BitsStored": 8, "HighBit": 7}, {"LossyImageCompression": "01"}])
def test_what_is_no_measurement_is_searched_everywhere(says: dict[str, Any]) -> None:
    assert is_measured(open_picture(real("CT_small.dcm")))
    assert not is_measured(open_picture(real("CT_small.dcm", **says)))


def test_what_a_lossy_codec_made_is_no_measurement() -> None:
    path = next(each for each in corpus.files() if each.name == "JPEG2000.dcm")
    assert dcmread(BytesIO(path.read_bytes()), stop_before_pixels=True).file_meta.TransferSyntaxUID.endswith(".91")
    assert not is_measured(open_picture(path.read_bytes()))
