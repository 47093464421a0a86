"""When a version may follow another: enough leavers, or long enough ago."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.rules.batches import wait_until

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


@given(
    leavers=st.integers(0, 20),
    least=st.integers(0, 20),
    days=st.integers(0, 90),
    age=st.none() | st.integers(0, 100),
)
def test_it_waits_for_enough_leavers_and_never_longer_than_allowed(
    leavers: int, least: int, days: int, age: int | None
) -> None:
    since = [NOON - timedelta(days=age or 0) for _ in range(age is not None)]
    until = wait_until(leavers, since, least=least, days=days, asked_at=NOON, now=NOON)
    if leavers in (0, *range(least, 21)):
        assert until is None
    if until is not None:
        assert NOON < until <= NOON + timedelta(days=days)
        assert wait_until(leavers, since, least=least, days=days, asked_at=NOON, now=until) is None
