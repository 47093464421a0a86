"""What becomes of a picture: writing is found and blanked, all else stays; what is uncertain waits for a person."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from curation.deid.pictures.plan import PixelPlan, Region
from curation.pixels import detect, examine, ocr, search
from curation.pixels.detect import Sure
from curation.pixels.search import Searched
from curation.pixels.task import Drawn, Examined, Kind, Task
from tests.pixels.drawn import Stored, ink, pixels_of, real, saved, written

CLEAN = Task(PixelPlan("clean", ("regions",)), new_uid="2.25.7")
LOOK = replace(CLEAN, plan=PixelPlan("look"))
CLEAR = replace(CLEAN, plan=PixelPlan("clear"))
NAME = "DOE^JANE 1957-03-02"


def blanked(examined: Examined) -> list[Region]:
    return [each.region for each in examined.findings if each.blanked]


def inside(regions: list[Region], shape: tuple[int, ...]) -> np.ndarray:
    mask = np.zeros(shape, bool)
    for left, top, width, height in regions:
        mask[..., top : top + height, left : left + width] = True
    return mask


def check_gone(before: bytes, examined: Examined, text: str, **place: object) -> None:
    """All ink lies in blanked regions, in these no pixel is as it was drawn, and no pixel elsewhere has changed."""
    was, now = pixels_of(before), pixels_of(examined.data or before)
    mask = inside(blanked(examined), was.shape)
    covered = ink(was.shape[-2:], text, **place) > 0  # type: ignore[arg-type]
    assert mask[..., covered].all()
    assert np.array_equal(was[~mask], now[~mask])
    assert len(np.unique(now[mask])) == 1


@pytest.fixture(scope="module")
def named() -> bytes:
    return real(change=written(NAME, size=14))


def test_writing_is_blanked_and_nothing_else_changes(named: bytes) -> None:
    found = examine.examine(named, CLEAN)
    check_gone(named, found, NAME, at=(30, 20), size=14)
    made = dcmread(BytesIO(found.data or b""))
    assert (found.risk, found.is_new, found.reasons) == ("clean", True, ("regions",))
    assert (made.SOPInstanceUID, made.BurnedInAnnotation) == ("2.25.7", "NO")
    assert found.before is not None
    assert found.before.frames == found.after.frames


def test_the_same_bytes_come_of_the_same_bytes(named: bytes) -> None:
    first = examine.examine(named, CLEAN)
    search._MEMORY.clear()
    assert examine.examine(named, CLEAN) == first
    assert examine.examine(named, CLEAN) == first


@pytest.mark.parametrize(
    ("text", "turns"), [("SMITH JOHN 4482913", 1), ("SMITH JOHN 4482913", 3), ("Mueller, K. 1966", 0)]
)
def test_writing_is_found_whichever_way_it_stands(text: str, turns: int) -> None:
    data = real(change=written(text, size=18, turns=turns))
    check_gone(data, examine.examine(data, CLEAN), text, at=(30, 20), size=18, turns=turns)


def test_a_picture_that_is_clear_by_its_header_and_bears_writing_goes_to_a_person(named: bytes) -> None:
    found = examine.examine(named, CLEAR)
    assert (found.risk, found.reasons) == ("look", (examine.WRITING,))
    assert blanked(found)
    assert dcmread(BytesIO(found.data or b"")).get("BurnedInAnnotation") != "NO"


def test_a_picture_without_writing_stays_as_it_is_and_clear() -> None:
    for name in ("CT_small.dcm", "MR_small.dcm"):
        found = examine.examine(real(name), CLEAR)
        assert (found.risk, found.data, found.before, found.findings) == ("clear", None, None, ())


def test_of_a_picture_that_only_a_person_can_judge_nothing_is_claimed(named: bytes) -> None:
    found = examine.examine(named, LOOK)
    assert found.risk == "look"
    assert blanked(found)
    assert dcmread(BytesIO(found.data or b"")).get("BurnedInAnnotation") != "NO"


def test_a_marking_stays_and_needs_nobody() -> None:
    data = real(change=written("L", at=(200, 210), size=28))
    found = examine.examine(data, CLEAN)
    assert [each.kind for each in found.findings] == [Kind.MARKER]
    assert (found.risk, found.is_new) == ("clean", False)


def test_what_the_header_said_is_no_marking() -> None:
    data = real(change=written("LAT", at=(150, 210), size=22))
    assert not blanked(examine.examine(data, CLEAN))
    found = examine.examine(data, replace(CLEAN, seeds=("Lat^Nguyen",)))
    assert {each.said for each in found.findings if each.blanked} == {True}


def test_known_places_are_blanked_without_being_found() -> None:
    plan = PixelPlan("clean", (), (Region(0, 0, 100, 10),), (Region(50, 5, 150, 200),))
    found = examine.examine(real(), replace(CLEAN, plan=plan))
    now, was = pixels_of(found.data or b""), pixels_of(real())
    assert len(np.unique(now[:5])) == len(np.unique(now[:, :50])) == len(np.unique(now[5:10, 50:100])) == 1
    assert np.array_equal(now[10:205, 50:200], was[10:205, 50:200])
    assert {each.kind for each in found.findings} == {Kind.DEVICE, Kind.OUTSIDE}


def test_what_a_curator_drew_is_blanked_on_its_frame_alone() -> None:
    data = real("emri_small.dcm")
    found = examine.examine(data, replace(CLEAR, drawn=(Drawn(3, Region(8, 8, 20, 10)), Drawn(99, Region(0, 0, 9, 9)))))
    now, was = pixels_of(found.data or b""), pixels_of(data)
    assert {n for n in range(10) if not np.array_equal(now[n], was[n])} == {3}
    assert found.after.frames[0].frame == 3
    assert [(each.frame, each.kind) for each in found.findings] == [(3, Kind.DRAWN)]


def test_without_a_detector_whatever_is_not_clear_goes_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "PACKAGE", "no_such_package_is_here")
    for task in (CLEAN, LOOK):
        found = examine.examine(real("CT_small.dcm"), task)
        assert (found.risk, examine.NO_DETECTOR in found.reasons) == ("look", True)
    assert examine.examine(real("CT_small.dcm"), CLEAR).risk == "clear"


def test_what_is_still_found_after_blanking_goes_to_a_person(named: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    sees = detect.Found(Region(0, 0, 16, 8), Sure.WRITING, 0.9, False)
    monkeypatch.setattr(search.Search, "through", lambda *_, **__: Searched({0: [sees]}))
    found = examine.examine(named, CLEAN)
    assert (found.risk, examine.LEFT in found.reasons) == ("look", True)
    assert [each.blanked for each in found.findings] == [False, True]
    assert dcmread(BytesIO(found.data or b"")).get("BurnedInAnnotation") != "NO"


def test_what_may_be_writing_is_kept_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    sees = detect.Found(Region(0, 0, 16, 8), Sure.MAYBE, 0.5, False)
    monkeypatch.setattr(search.Search, "through", lambda *_, **__: Searched({0: [sees]}))
    found = examine.examine(real("CT_small.dcm"), CLEAN)
    assert (found.risk, found.reasons, found.data) == ("look", ("regions", examine.UNCERTAIN), None)
    assert [each.blanked for each in found.findings] == [False]


def test_frames_beyond_what_is_searched_of_a_file_go_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_SEEN", 64 * 64 * 4 * 7)
    found = examine.examine(real("emri_small.dcm"), CLEAR)
    assert (found.risk, found.reasons) == ("look", (examine.NOT_EXAMINED,))


def test_writing_on_every_frame_goes_from_every_frame_and_is_told_once() -> None:
    dataset = dcmread(BytesIO(real()))
    frame = written(NAME, size=14)(dataset.pixel_array)
    dataset.NumberOfFrames, dataset.PixelData = 3, np.stack([frame, np.roll(frame, 64, 1), frame]).tobytes()
    data = saved(dataset)
    found = examine.examine(data, CLEAN)
    now = pixels_of(found.data or b"")
    covered = ink(now.shape[1:], NAME, (30, 20), 14) > 0
    assert len(np.unique(now[0][covered])) == len(np.unique(now[2][covered])) == 1
    assert len(np.unique(now[1][np.roll(covered, 64, 1)])) == 1


def test_everything_is_named_that_a_picture_shows(named: bytes) -> None:
    assert all(0 <= each.confidence <= 1 for each in examine.examine(named, CLEAN).findings)
    assert len(detect.rules_digest()) == 64


def test_grey_writing_over_tissue_is_found_or_held() -> None:
    def faint(values: Stored) -> Stored:
        return written("ID 4482913 DOE", at=(60, 120), size=18, value=float(values[120:140, 60:200].mean()) + 350)(
            values
        )

    found = examine.examine(real(change=faint), CLEAN)
    assert blanked(found) or found.risk == "look"
