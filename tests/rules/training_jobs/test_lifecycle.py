"""The state tables: complete, known states only, every way ends, and nothing runs that was not approved."""

from collections.abc import Mapping
from enum import StrEnum

import pytest

from training_jobs.rules.lifecycle import OUTPUT_TRANSITIONS, TRANSITIONS, UNDER_WAY, JobState, OutputState

Table = Mapping[StrEnum, frozenset[StrEnum]]


@pytest.mark.parametrize(("states", "table"), [(JobState, TRANSITIONS), (OutputState, OUTPUT_TRANSITIONS)])
def test_every_state_is_in_the_table_and_can_reach_an_end(states: type[StrEnum], table: Table) -> None:
    assert set(table) == set(states)
    assert all(ends <= set(states) and start not in ends for start, ends in table.items())
    for state in states:
        assert any(not table[end] for end in reachable(table, state))


def test_nothing_runs_or_is_released_without_approval() -> None:
    without = {state: ends - {JobState.APPROVED} for state, ends in TRANSITIONS.items()}
    assert not reachable(without, JobState.SUBMITTED) & (UNDER_WAY | {JobState.SUCCEEDED, JobState.RELEASED})


def test_a_failed_or_stopped_run_leaves_nothing_to_release() -> None:
    for state in (JobState.FAILED, JobState.STOPPED, JobState.REJECTED, JobState.CANCELLED):
        assert TRANSITIONS[state] == frozenset()


def test_what_was_decided_about_an_output_stays() -> None:
    assert not OUTPUT_TRANSITIONS[OutputState.RELEASED] | OUTPUT_TRANSITIONS[OutputState.WITHHELD]


def reachable(table: Table, start: StrEnum) -> set[StrEnum]:
    """Every state that can follow `start`, itself included."""
    found, ahead = set(), [start]
    while ahead:
        state = ahead.pop()
        if state not in found:
            found.add(state)
            ahead += table[state]
    return found
