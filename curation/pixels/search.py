"""Searches a picture's frames for writing: each part that looks the same once, and no more than a file may take."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from curation.deid.pictures.plan import Region
from curation.pixels import copies, detect
from curation.pixels.detect import Found, Sure
from curation.pixels.frames import Picture
from curation.pixels.lines import Line, snapped
from curation.pixels.seeds import Seeds
from curation.pixels.tiles import cut, is_flat, tiles

Shades = NDArray[np.uint8]
#: The places of a frame that are to be searched; None is all of it.
Where = Callable[[int], Sequence[Region] | None]
#: What one file may take, in pixels that the models look at (about half a second a million) and in values that are
#: decoded. It is counted, not timed: what is found hangs on the file alone. What is left over goes to a person.
MOST_SEEN, MOST_DECODED = 120_000_000, 2_000_000_000
#: Of many frames, these are searched thoroughly: the first, the last and so many in all; the others lightly.
THOROUGH_FRAMES = 4
#: Parts whose lines are remembered from file to file; a process serves one donor's files alone.
REMEMBERED = 4096
_MEMORY: "OrderedDict[tuple[bytes, bool, bool], list[Line]]" = OrderedDict()
#: Frames show the same in a place where so much of what stands out of it differs by no more than so many shades.
SAME_SHARE, SAME_SHADES, STANDS_OUT = 0.8, 30, 40


@dataclass
class Searched:
    """What was found, by frame; `left`: frames that were not searched."""

    found: dict[int, list[Found]] = field(default_factory=dict)
    left: int = 0


def evenly(count: int, most: int) -> list[int]:
    """Up to `most` of so many frames: the first, the last, and those evenly between."""
    if count <= most:
        return list(range(max(count, 1)))
    return [round(n * (count - 1) / (most - 1)) for n in range(most)]


class Search:
    """A search through one picture. `hide` takes out of a frame what will be blanked anyway.

    `bar`: from when on what nobody can read may be writing. `where`: a light search looks at these places alone.
    `shown_alone`: a light search looks at frames as they are shown, not in even contrast: where a person looks, too.
    """

    def __init__(
        self,
        picture: Picture,
        seeds: Sequence[str],
        hide: Callable[[int, Shades], Shades],
        bar: float = detect.MAYBE_FOUND,
        where: Where = lambda _: None,
        *,
        shown_alone: bool = False,
    ) -> None:
        self._picture, self._seeds, self._hide = picture, Seeds(seeds), hide
        self._seen = self._decoded = 0
        self._bar, self._where, self._shown_alone = bar, where, shown_alone
        self._parts: dict[bytes, bool] = {}
        self._frames: dict[str, list[Found]] = {}

    def through(self, *, thorough: bool) -> Searched:
        """Every frame, the chosen ones first. Raises CannotShow."""
        first = evenly(self._picture.count, THOROUGH_FRAMES)
        rest = [index for index in range(self._picture.count) if index not in set(first)]
        searched = Searched()
        for indices, deep in ((first, thorough), (rest, False)):
            for index in indices:
                if not self._may_go_on():
                    searched.left += 1
                else:
                    searched.found[index] = self._frame(index, deep)
        _spread(self._picture, searched, self._hide)
        return searched

    def again(self, indices: Iterable[int]) -> Searched:
        """These frames thoroughly, as a second look."""
        searched = Searched()
        for index in indices:
            if not self._may_go_on():
                searched.left += 1
            else:
                searched.found[index] = self._frame(index, True)
        return searched

    def _may_go_on(self) -> bool:
        values = self._picture.rows * self._picture.columns
        self._decoded += values
        return self._seen < MOST_SEEN and self._decoded <= MOST_DECODED

    def _frame(self, index: int, thorough: bool) -> list[Found]:
        digest = f"{self._picture.digest(index)} {thorough}"
        if digest not in self._frames:
            where = None if thorough else self._where(index)
            self._frames[digest] = [] if where is not None and not where else self._within(index, thorough, where)
        return self._frames[digest]

    def _within(self, index: int, thorough: bool, where: Sequence[Region] | None) -> list[Found]:
        one = self._shown_alone and not thorough
        shades = [self._hide(index, view) for view in copies.views(self._picture, index, shown_alone=one)]
        found = self._view(shades[0], thorough, False, where)
        return _merged(found + [each for view in shades[1:] for each in self._finer(view, thorough, where)])

    def _finer(self, shades: Shades, thorough: bool, where: Sequence[Region] | None) -> list[Found]:
        """A view that is stretched already, larger still: small faint writing is found in three times its size."""
        larger = copies.larger(shades, copies.FINER)
        if where is not None:
            where = [_times(each, copies.FINER, larger.shape) for each in where]
        found = self._view(larger, thorough, True, where)
        return [each._replace(region=_shrunk(each.region, copies.FINER, shades.shape)) for each in found]

    def _view(self, shades: Shades, thorough: bool, level: bool, where: Sequence[Region] | None) -> list[Found]:
        found: list[Found] = []
        for region in tiles(*shades.shape[:2]) if where is None else _in_tiles(where):
            part = np.ascontiguousarray(cut(shades, region))
            if is_flat(part):
                continue
            for each in detect.judged(self._lines(part, thorough, level), self._seeds, bar=self._bar):
                at = each.region
                found.append(each._replace(region=at._replace(left=at.left + region.left, top=at.top + region.top)))
        return found

    def _lines(self, part: Shades, thorough: bool, level: bool) -> list[Line]:
        key = sha256(repr(part.shape).encode() + part.tobytes()).digest()
        if not self._parts.get(key, False) >= thorough or key not in self._parts:
            self._parts[key] = thorough
            self._seen += part.shape[0] * part.shape[1] * copies.SCALE**2 * (copies.THOROUGH if thorough else 1)
        return _remembered(key, part, thorough, level)


def _in_tiles(where: Sequence[Region]) -> Iterator[Region]:
    """These places, cut where they are larger than a part may be."""
    for place in where:
        for left, top, width, height in tiles(place.height, place.width):
            yield Region(place.left + left, place.top + top, width, height)


def _times(region: Region, times: float, shape: Sequence[int]) -> Region:
    """A region of a frame in the frame that was made larger so many times, of this height and width."""
    left, top = int(region.left * times), int(region.top * times)
    right, bottom = int((region.left + region.width) * times), int((region.top + region.height) * times)
    return Region(left, top, min(right, shape[1]) - left, min(bottom, shape[0]) - top)


def _shrunk(region: Region, times: float, shape: Sequence[int]) -> Region:
    """A region of a frame that was made larger so many times, in the frame of this height and width."""
    left, top, right, bottom = region.left, region.top, region.left + region.width, region.top + region.height
    return snapped(left / times, top / times, right / times, bottom / times, (shape[0], shape[1]))


def _remembered(key: bytes, part: Shades, thorough: bool, level: bool) -> list[Line]:
    """The lines of a part, from memory where it was seen before; the same in any order of files."""
    place = (key, thorough, level)
    if place in _MEMORY:
        _MEMORY.move_to_end(place)
        return _MEMORY[place]
    _MEMORY[place] = detect.lines_in(part, thorough=thorough, level=level)
    if len(_MEMORY) > REMEMBERED:
        _MEMORY.popitem(last=False)
    return _MEMORY[place]


def _merged(found: Sequence[Found]) -> list[Found]:
    """Without what was found twice at one place; of two kinds the surer."""
    kept: list[Found] = []
    for each in sorted(found, key=lambda one: (-one.sure, not one.said, -one.confidence, one.region)):
        if not any(_within(each.region, other.region) for other in kept):
            kept.append(each)
    return kept


def _within(inner: Region, outer: Region) -> bool:
    right, bottom = inner.left + inner.width, inner.top + inner.height
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and right <= outer.left + outer.width
        and bottom <= outer.top + outer.height
    )


def _spread(picture: Picture, searched: Searched, hide: Callable[[int, Shades], Shades]) -> None:
    """Writing that was found in one frame goes in every other that shows the same in its place.

    It may have been missed there: over moving tissue the models see it in one frame and not in the next.
    """
    if picture.count == 1:
        return
    wanted: dict[Region, tuple[Found, Shades]] = {}
    for index, found in sorted(searched.found.items()):
        new = [each for each in found if each.sure is not Sure.MARKER and each.region not in wanted]
        shown = hide(index, picture.shown(index)) if new else None
        for each in new:  # where there are any, the frame was drawn above; so below, where any rest
            wanted[each.region] = (each, cut(shown, each.region).copy())  # type: ignore[arg-type]
    for index in searched.found if wanted else ():
        here = {each.region for each in searched.found[index]}
        rest = {region: pair for region, pair in wanted.items() if region not in here}
        shown = hide(index, picture.shown(index)) if rest else None
        same = [each for region, (each, was) in rest.items() if _shows(cut(shown, region), was)]  # type: ignore[arg-type]
        searched.found[index] = _merged([*searched.found[index], *same])


def _shows(part: Shades, was: Shades) -> bool:
    """Whether what stood out in a place stands there again."""
    values, before = part.astype(np.int16), was.astype(np.int16)
    out = np.abs(before - np.median(before)) > STANDS_OUT
    if not out.any():
        return True
    return float((np.abs(values - before)[out] <= SAME_SHADES).mean()) >= SAME_SHARE
