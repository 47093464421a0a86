"""What must hold of a file that was written again."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from curation.deid.pictures.plan import Region
from curation.pixels import elements
from curation.pixels.frames import open_picture
from curation.pixels.rewrite import Rewritten, rewritten
from tests.pixels.sources import NEW_UID

#: Root elements that may differ where pixels changed: identity, the pixels and their tables.
CHANGING = frozenset({0x00080018, 0x7FE00001, 0x7FE00002, 0x7FE00010, 0x7FE00008, 0x7FE00009})


def blanked(data: bytes, regions: Mapping[int, Sequence[Region]], *, hidden_bits: bool = False) -> Rewritten:
    """As `rewritten`, twice with the same result, and once more on what it made without any change."""
    made = rewritten(data, regions, hidden_bits=hidden_bits, new_uid=NEW_UID, checked=False)
    assert rewritten(data, regions, hidden_bits=hidden_bits, new_uid=NEW_UID, checked=False).data == made.data
    again = rewritten(made.data, regions, hidden_bits=hidden_bits, new_uid=NEW_UID, checked=False)
    assert again.data == made.data
    assert not again.changed
    return made


def inside(regions: Sequence[Region], rows: int, columns: int, across: int = 1) -> NDArray[np.bool_]:
    """The pixels that lie in any of the regions, widened to groups of `across`."""
    mask = np.zeros((rows, columns), bool)
    for left, top, width, height in regions:
        if width > 0 and height > 0 and columns > left > -width and top > -height:
            first, last = max(left, 0) // across * across, -(-(left + width) // across) * across
            mask[max(top, 0) : max(top + height, 0), first:last] = True
    return mask


def assert_only_blanked(
    data: bytes, made: Rewritten, regions: Mapping[int, Sequence[Region]], *, across: int = 1
) -> None:
    """Every value outside of the regions is as it was; inside is one even colour, and black where black can be had."""
    before, after = open_picture(data), open_picture(made.data)
    assert (before.count, before.rows, before.columns) == (after.count, after.rows, after.columns)
    for index in range(before.count):
        mask = inside(regions.get(index, ()), before.rows, before.columns, across)
        assert np.array_equal(before.stored(index)[~mask], after.stored(index)[~mask])
        if mask.any():
            assert len(np.unique(after.stored(index)[mask], axis=0)) == 1
            assert after.shown(index)[mask].max() == 0, (after.layout, after.stored(index)[mask][0])


def assert_rest_is_equal(data: bytes, made: bytes, also: frozenset[int] = frozenset()) -> None:
    """Every root element but those that may change stands there with the same bytes, and no other does."""
    old, new = _by_tag(data), _by_tag(made)
    may = CHANGING | also
    assert {tag: raw for tag, raw in old.items() if tag not in may} == {
        tag: raw for tag, raw in new.items() if tag not in may
    }


def _by_tag(data: bytes) -> dict[int, bytes]:
    container, placed = elements.read(data)
    return {each.element.tag: bytes(container.data[each.start : each.end]) for each in placed}
