"""Every place in a file's frames of which anything is known: what is blanked, what a person has to decide."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from curation.deid.pictures.plan import Region
from curation.pixels.detect import Found, Sure
from curation.pixels.task import Finding, Kind


class Places:
    """The places of one file, as they become known. Frames count from 0; None is every frame."""

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._blanked: dict[int | None, dict[Region, None]] = {}
        self._findings: dict[Finding, None] = {}

    def everywhere(self, regions: Iterable[Region], kind: Kind) -> None:
        """Places that are known without a search and are blanked, or masked, on every frame."""
        for region in regions:
            self.add(None, region, kind)

    def add(self, frame: int | None, region: Region, kind: Kind) -> None:
        """One place that is blanked without having been found. One of a frame that is not there is of none."""
        if frame is not None and not 0 <= frame < self._frames:
            return
        self._findings[Finding(frame, region, kind, True)] = None
        if kind is not Kind.HIDDEN:
            self._blanked.setdefault(frame, {})[region] = None

    def found(self, frame: int, found: Found) -> None:
        """Something that the detector found: writing is blanked, a marking stays, all else waits for a person."""
        is_blanked = found.sure is Sure.WRITING
        if is_blanked:
            self._blanked.setdefault(frame, {})[found.region] = None
        kind = Kind.MARKER if found.sure is Sure.MARKER else Kind.TEXT
        finding = Finding(frame, found.region, kind, is_blanked, found.confidence, found.said)
        self._findings[finding] = None

    def left(self, frame: int, found: Found) -> None:
        """Something that is still found after blanking."""
        self._findings[Finding(frame, found.region, Kind.TEXT, False, found.confidence, found.said)] = None

    def blanked(self) -> dict[int, list[Region]]:
        """By frame, what is blanked in it; frames without are absent."""
        always = list(self._blanked.get(None, ()))
        frames = range(self._frames) if always else sorted(frame for frame in self._blanked if frame is not None)
        return {frame: [*always, *self._blanked.get(frame, ())] for frame in frames}

    def marked(self) -> list[int]:
        """The frames that bear a finding of their own."""
        return sorted({each.frame for each in self.findings() if each.frame is not None})

    def findings(self) -> list[Finding]:
        """What is told of them: a place that is the same on every frame is told once, for all of them."""
        by_place: dict[tuple[Region, Kind, bool], list[Finding]] = {}
        for each in self._findings:
            by_place.setdefault((each.region, each.kind, each.blanked), []).append(each)
        told = [one for group in by_place.values() for one in self._told(group)]
        return sorted(told, key=lambda one: (one.blanked, -1 if one.frame is None else one.frame, one.region))

    def _told(self, group: Sequence[Finding]) -> list[Finding]:
        if self._frames > 1 and len({each.frame for each in group}) >= self._frames:
            surest = max(each.confidence for each in group)
            return [group[0]._replace(frame=None, confidence=surest, said=any(each.said for each in group))]
        return list(group)


def outside(keep: Sequence[Region], rows: int, columns: int) -> list[Region]:
    """What lies outside of all regions that are kept, as rectangles that do not overlap; nothing where none is kept."""
    if not keep:
        return []
    edges = sorted({0, rows, *(min(max(edge, 0), rows) for r in keep for edge in (r.top, r.top + r.height))})
    found = []
    for top, bottom in pairwise(edges):
        left = 0
        inside = sorted((r.left, r.left + r.width) for r in keep if r.top <= top and r.top + r.height >= bottom)
        for start, end in [*inside, (columns, columns)]:
            start, end = min(max(start, 0), columns), min(end, columns)
            if start > left:
                found.append(Region(left, top, start - left, bottom - top))
            left = max(left, end)
    return found
