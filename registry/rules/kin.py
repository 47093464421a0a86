"""Groups of donors who are bound together by what they share. Plain Python."""

from collections.abc import Iterable, Sequence
from uuid import UUID


def first_of_each(groups: Iterable[Sequence[UUID]]) -> dict[UUID, UUID]:
    """Each donor -> the first donor of all that hang together with them, directly or over others.

    A group is in the order of giving; of groups that hang together the one that is met first decides, so that who comes
    later joins the part of who was there before.
    """
    heads: dict[UUID, UUID] = {}
    order: dict[UUID, int] = {}
    for group in groups:
        for donor in group:
            order.setdefault(donor, len(order))
            heads.setdefault(donor, donor)
        roots = sorted({_root(heads, donor) for donor in group}, key=order.__getitem__)
        for root in roots[1:]:
            heads[root] = roots[0]
    return {donor: _root(heads, donor) for donor in heads}


def _root(heads: dict[UUID, UUID], donor: UUID) -> UUID:
    while heads[donor] != donor:
        donor = heads[donor]
    return donor
