"""Nothing is shared that bears writing: a sample now, the whole set by night, and the page that tells of it."""

from collections import Counter
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from curation.deid.pictures.plan import PixelPlan
from curation.pixels.examine import examine
from curation.pixels.task import Examined, Sheet, Task

from . import judge
from .__main__ import END, PAGE, START
from .cases import every
from .judge import Fate
from .outcomes import judged, outcome
from .scores import GROUPS, missed, tables
from .tricks import TRICKS, built

CASES = {case.name: case for case in every()}
#: One of each thing that can go wrong, small enough for every run.
SAMPLE = (
    "abdomen 8 px at 24",
    "abdomen 12 px at 255",
    "shoulder 16 px at 48",
    "turned by 90",
    "on the last frame",
    "12 bits, jpeg 2000",
    "below the window of a CT",
    "spare bits",
    "regions leave it out, above",
)


@pytest.mark.parametrize("name", SAMPLE)
def test_no_string_of_the_sample_is_missed(name: str) -> None:
    found = outcome(CASES[name], examine)
    assert Fate.MISSED not in found.fates
    assert found.changed == 0


def as_it_is(_data: bytes, task: Task) -> Examined:
    """An examination that lets everything through."""
    return Examined("clear", Sheet(b""))


@pytest.mark.parametrize("trick", sorted(TRICKS))
def test_the_judge_sees_writing_wherever_it_hides(trick: str) -> None:
    made = built(next(case for case in CASES.values() if case.trick == trick))
    result = judged(made, made.data, as_it_is(made.data, Task(PixelPlan())))
    assert set(result.fates) == {Fate.MISSED}


@pytest.mark.parametrize("way", ["explicit", "big", "rle", "jpeg-ls", "jpeg lossless"])
def test_the_judge_sees_what_is_blanked_and_what_else_changed(way: str) -> None:
    case = replace(CASES["12 bits, explicit"], way=way)
    made = built(case)
    assert judge.left(made, made.data, lossy=False) == list(made.planted)
    rows, columns = made.planted[0].box
    blank = replace(case, way="explicit")
    ds = dcmread(BytesIO(built(blank).data))
    pixels = ds.pixel_array.copy()
    pixels[rows.start - 2 : rows.stop + 2, columns.start - 2 : columns.stop + 2] = 0
    ds.PixelData = pixels.tobytes()
    out = BytesIO()
    ds.save_as(out)
    assert judge.left(made, out.getvalue(), lossy=False) == []
    ink = np.argwhere(made.planted[0].ink)[0]
    region = (columns.start - 2, rows.start - 2, columns.stop - columns.start + 4, rows.stop - rows.start + 4)
    assert judge.changed(built(blank).data, out.getvalue(), [(0, region)]) == 0
    assert judge.changed(built(blank).data, out.getvalue(), []) > len(ink)


def test_the_page_tells_of_every_picture_that_is_made() -> None:
    told = PAGE.read_text().partition(START)[2].partition(END)[0]
    counts = Counter(case.group for case in CASES.values())
    for group, words in GROUPS.items():
        assert f"| {words} | {counts[group]} |" in told
    assert len(CASES) == sum(counts.values())


@pytest.mark.nightly
def test_no_string_is_missed_and_the_page_tells_the_score() -> None:
    found = [outcome(case, examine) for case in every()]
    assert missed(found) == []
    assert [each.case.name for each in found if each.changed] == []
    told = PAGE.read_text().partition(START)[2].partition(END)[0].strip()
    assert told == tables(found)
