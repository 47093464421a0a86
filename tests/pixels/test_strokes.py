"""Strokes of one value in what a detector measured: found in any grey, and not where nothing draws."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from curation.deid.pictures.plan import PixelPlan
from curation.pixels import examine as examining
from curation.pixels.frames import open_picture
from curation.pixels.strokes import even_strokes
from curation.pixels.task import Task
from tests.deid import corpus
from tests.pixels.evidence.made import Case, make
from tests.pixels.evidence.writing import Writing

SHAPE = (160, 240)


def noise(spread: float = 12, seed: int = 7) -> np.ndarray:
    """What a detector measures of something even: counts around 1000."""
    return np.rint(np.random.default_rng(seed).normal(1000, spread, SHAPE)).astype(np.int16)


def ink(text: str = "ZORBANEK 4821") -> np.ndarray:
    """Which pixels letters with hard edges take."""
    image = Image.new("1", SHAPE[::-1])
    ImageDraw.Draw(image).text((40, 70), text, fill=1, font=ImageFont.load_default_imagefont())
    return np.asarray(image)


@pytest.mark.parametrize("grey", [0, 940, 990, 1000, 1005, 1060, 4000])
def test_letters_are_found_in_any_grey(grey: int) -> None:
    values = noise()
    values[ink()] = grey
    values[0, :2] = -1000, 5000  # the ends, at which a detector cuts off, are others
    found = even_strokes(values)
    assert found
    assert all(each.left + each.width > 40 and each.left < 130 for each in found)
    assert all(each.top + each.height > 70 and each.top < 90 for each in found)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("spread", [2.5, 12, 60])
def test_noise_is_no_writing(seed: int, spread: float) -> None:
    assert even_strokes(noise(spread, seed)) == []


def test_even_places_and_small_pictures_are_no_writing() -> None:
    values = noise()
    values[:60] = 0
    values[:, 150:] = 2047
    assert even_strokes(values) == []
    assert even_strokes(np.zeros((1, 1), np.int16)) == []
    assert even_strokes(np.zeros((3, 200), np.uint16)) == []


@pytest.mark.parametrize("name", ["693_UNCR.dcm", "bad_sequence.dcm", "explicit_VR-UN.dcm", "MR2_UNCR.dcm"])
def test_real_slices_have_none(name: str) -> None:
    path = next(each for each in corpus.files() if each.name == name)
    assert even_strokes(open_picture(path.read_bytes()).stored(0)) == []


def test_without_a_detector_a_clear_picture_with_strokes_goes_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining.detect, "available", lambda: False)
    words = Writing("ZORBANEK^OTTILIE", 16, 48, font="bitmap")
    made = make(Case("strokes", "size", "shoulder", "mr", (words,), "12"))
    found = examining.examine(made.data, Task(PixelPlan("clear", ("acquired",))))
    assert (found.risk, found.reasons) == ("look", ("acquired", examining.UNCERTAIN))
    assert found.findings
