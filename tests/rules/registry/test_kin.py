"""Donors who share a study are bound together, also over others, and follow whoever was there first."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from registry.rules.kin import first_of_each

A, B, C, D, E = (UUID(int=number) for number in range(5))


def test_who_shares_follows_the_first() -> None:
    assert first_of_each([]) == {}
    assert first_of_each([[B, A]]) == {B: B, A: B}
    assert first_of_each([[A, B], [C, D], [D, B, E]]) == dict.fromkeys((A, B, C, D, E), A)


@given(st.lists(st.lists(st.sampled_from([A, B, C, D, E]), min_size=2, unique=True)))
def test_whoever_shares_is_in_one_part(groups: list[list[UUID]]) -> None:
    found = first_of_each(groups)
    assert all(len({found[donor] for donor in group}) == 1 for group in groups)
    assert all(found[head] == head for head in found.values())
