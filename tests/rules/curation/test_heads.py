"""A head is found from names and geometry: enough of it is held, the unknown too; thin coverage and knees are not."""

from dataclasses import replace

import pytest

from curation.rules.heads import Extent, Head, Place, head_in, place_of
from curation.rules.holds import holds_of

AXIAL, SAGITTAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0), (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)


def stack(
    slices: int = 30,
    gap: float = 5.0,
    *,
    place: Place = Place.HEAD,
    size: float = 240.0,
    orientation: tuple[float, ...] = AXIAL,
) -> list[Extent]:
    """A series of single slices."""
    edges = (size, size, gap)
    return [Extent(place, 1, orientation, (gap * n, gap * n), edges) for n in range(slices)]


@pytest.mark.parametrize(
    ("modality", "extents", "expected"),
    [
        ("CT", stack(), Head.HEAD),
        ("MR", stack(), Head.HEAD),
        ("PT", stack(), Head.HEAD),
        ("US", stack(), Head.NO),
        ("CT", [], Head.NO),
        ("CT", stack(4, 30.0), Head.NO),
        ("CT", stack(6, 5.0), Head.NO),
        ("CT", stack(8, 5.0), Head.HEAD),
        ("CT", stack(40, 5.0, size=50.0), Head.NO),
        ("MR", stack(24, 6.0, orientation=SAGITTAL), Head.HEAD),
        ("MR", stack(6, 3.0, orientation=SAGITTAL), Head.NO),
        ("CT", stack(place=Place.ELSEWHERE), Head.NO),
        ("CT", stack(200, 5.0, place=Place.ELSEWHERE), Head.MAYBE),
        ("PT", stack(200, 5.0, place=Place.WHOLE), Head.HEAD),
        ("CT", stack(place=Place.UNKNOWN), Head.MAYBE),
        ("CT", [Extent(Place.HEAD)] * 30, Head.MAYBE),
        ("CT", [Extent(Place.UNKNOWN)] * 30, Head.MAYBE),
        ("CT", [Extent(Place.HEAD)] * 4, Head.NO),
        ("CT", [Extent(Place.ELSEWHERE)] * 30, Head.NO),
        ("MR", [Extent(Place.HEAD, 60)], Head.MAYBE),
        ("MR", [Extent(Place.HEAD, 60, AXIAL, (0.0, 120.0), (240.0, 240.0, 2.0))], Head.HEAD),
        ("MR", [Extent(Place.HEAD, 60, AXIAL, (0.0, 12.0), (240.0, 240.0, 2.0))], Head.NO),
    ],
)
def test_what_shows_a_head(modality: str, extents: list[Extent], expected: Head) -> None:
    assert head_in(modality, extents) is expected
    assert head_in(modality, list(reversed(extents))) is expected


def test_one_file_of_unknown_geometry_makes_the_whole_unknown() -> None:
    thin = stack(6, 1.0)
    assert head_in("CT", thin) is Head.NO
    assert head_in("CT", [*thin, Extent(Place.HEAD)]) is Head.MAYBE


def test_a_localizer_of_three_directions_is_no_volume() -> None:
    localizer = stack(3, 30.0) + stack(3, 30.0, orientation=SAGITTAL)
    assert head_in("MR", localizer) is Head.NO


def test_one_slice_that_names_the_head_is_enough_to_name_it() -> None:
    files = stack(place=Place.ELSEWHERE)
    assert head_in("CT", [*files[:-1], replace(files[-1], place=Place.HEAD)]) is Head.HEAD


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("HEAD", "", []), Place.HEAD),
        (("HEADNECK", "", []), Place.HEAD),
        (("HEAD NECK", "", []), Place.HEAD),
        (("CHEST", "69536005", []), Place.HEAD),
        (("", "T-D1100", ["Chest"]), Place.HEAD),
        (("CHEST", "", ["Head"]), Place.ELSEWHERE),
        (("", "", ["Hippocampus T2"]), Place.HEAD),
        (("", "", ["CORONAL T1"]), Place.UNKNOWN),
        (("", "", ["early phase"]), Place.UNKNOWN),
        (("", "", ["Head/Chest/Abdomen"]), Place.HEAD),
        (("", "", ["Whole-body PET"]), Place.WHOLE),
        (("KNEE", "", []), Place.ELSEWHERE),
        (("CSPINE", "", []), Place.ELSEWHERE),
        (("", "", []), Place.UNKNOWN),
    ],
)
def test_what_names_the_head(said: tuple[str, str, list[str]], expected: Place) -> None:
    assert place_of(*said) is expected


def test_an_extent_travels_as_json() -> None:
    for extent in (*stack(1), Extent(), Extent(Place.HEAD, 3)):
        assert Extent.from_dict(extent.as_dict()) == extent
    assert Extent.from_dict({}) == Extent()


def test_why_a_series_is_held() -> None:
    photograph, endoscopy = "1.2.840.10008.5.1.4.1.1.77.1.4", "1.2.840.10008.5.1.4.1.1.77.1.1"
    assert holds_of(Head.HEAD, [], []) == holds_of(Head.MAYBE, [], []) == ["head"]
    assert holds_of(Head.NO, [endoscopy], ["colour"]) == []
    assert holds_of(Head.NO, [endoscopy, photograph], []) == ["photograph"]
    assert holds_of(Head.NO, [endoscopy], ["says_face"]) == ["photograph"]
