"""What a cleaned file adds to its series' volume, from what the engine tells of it or from its frames' headers."""

import math
import warnings
from collections.abc import Mapping
from io import BytesIO

from pydicom import Dataset, dcmread

from curation.deid import Cleaned
from curation.deid.outcome import (
    BODY_PART,
    ORIENTATION,
    POSITION,
    PROTOCOL,
    REGIONS,
    SERIES_NAME,
    SPACING,
    THICKNESS,
)
from curation.rules.heads import VOLUMES, Extent, Vector, normal, place_of


def extent_of(cleaned: Cleaned) -> Extent | None:
    """What is known of one file's slices; None of what belongs to no volume."""
    if cleaned.modality not in VOLUMES:
        return None
    told = cleaned.told
    texts = [str(told.get(tag, "")) for tag in (BODY_PART, REGIONS, PROTOCOL, SERIES_NAME)]
    place = place_of(texts[0], texts[1], texts[2:])
    if cleaned.frames > 1:
        return _of_frames(cleaned, place)
    return _extent(place, 1, _numbers(told, ORIENTATION), [_numbers(told, POSITION)], cleaned, _spacing(told))


def _spacing(told: Mapping[int, object]) -> Vector:
    """Between rows, between columns, thickness; empty where the first two are not known. A slice is 1 mm at least."""
    pixels = _numbers(told, SPACING)
    return (*pixels, *(_numbers(told, THICKNESS) or (1.0,))) if len(pixels) == 2 else ()


def _numbers(told: Mapping[int, object], tag: int) -> Vector:
    return _finite(str(told.get(tag, "")).split("\\"))


def _finite(values: object) -> Vector:
    """Numbers of a DS attribute; none where one of them is no finite number."""
    try:
        found = tuple(float(value) for value in values)  # type: ignore[attr-defined]  # what is no list fails alike
    except (TypeError, ValueError):
        return ()
    return found if all(map(math.isfinite, found)) else ()


def _extent(
    place: str, slices: int, orientation: Vector, positions: list[Vector], cleaned: Cleaned, spacing: Vector
) -> Extent:
    """An extent with its geometry, or without where a part of it is not known."""
    if len(orientation) != 6 or len(spacing) != 3 or not all(len(each) == 3 for each in positions) or not positions:
        return Extent(place, slices)
    across = normal(orientation)
    along = [sum(a * b for a, b in zip(each, across, strict=True)) for each in positions]
    size = (cleaned.columns * spacing[1], cleaned.rows * spacing[0], spacing[2])
    return Extent(place, slices, orientation, (min(along), max(along)), size)


def _of_frames(cleaned: Cleaned, place: str) -> Extent:
    """The same from functional groups (PS3.3 section C.7.6.16.2); unknown where they do not all say it."""
    unknown = Extent(place, cleaned.frames)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            header = dcmread(BytesIO(cleaned.data), stop_before_pixels=True)
            shared = header.SharedFunctionalGroupsSequence[0]
            frames = list(header.PerFrameFunctionalGroupsSequence)
            first = frames[0]
            measures = _group(first, shared, "PixelMeasuresSequence")
            orientations = {_orientation(frame, shared) for frame in frames}
            positions = [_position(frame, shared) for frame in frames]
            thickness = measures.get("SliceThickness") or measures.get("SpacingBetweenSlices") or 1.0
            spacing = (*_finite(measures.PixelSpacing), float(thickness))
        except Exception:  # whatever is wrong with the groups, the geometry is not known; a name may stand in an error
            return unknown
    return (
        unknown
        if len(orientations) != 1
        else _extent(place, len(frames), orientations.pop(), positions, cleaned, spacing)
    )


def _group(frame: Dataset, shared: Dataset, name: str) -> Dataset:
    found: Dataset = (frame if name in frame else shared)[name].value[0]
    return found


def _orientation(frame: Dataset, shared: Dataset) -> Vector:
    return _finite(_group(frame, shared, "PlaneOrientationSequence").ImageOrientationPatient)


def _position(frame: Dataset, shared: Dataset) -> Vector:
    return _finite(_group(frame, shared, "PlanePositionSequence").ImagePositionPatient)
