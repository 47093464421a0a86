"""The states of a training job and of each of its outputs, and which may follow which."""

from collections.abc import Mapping
from enum import StrEnum


class JobState(StrEnum):
    """Where a training job stands. A flag (a donor withdrew) is a field of its own: it can come at any state."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    STAGING = "staging"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    LOST = "lost"
    IN_REVIEW = "in_review"
    RELEASED = "released"
    CLOSED = "closed"


TRANSITIONS: Mapping[StrEnum, frozenset[StrEnum]] = {
    JobState.SUBMITTED: frozenset({JobState.APPROVED, JobState.REJECTED, JobState.CANCELLED}),
    JobState.APPROVED: frozenset({JobState.STAGING, JobState.CANCELLED}),
    JobState.REJECTED: frozenset(),
    JobState.CANCELLED: frozenset(),
    JobState.STAGING: frozenset({JobState.RUNNING, JobState.FAILED, JobState.STOPPED, JobState.CANCELLED}),
    JobState.RUNNING: frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.STOPPED, JobState.LOST}),
    JobState.SUCCEEDED: frozenset({JobState.IN_REVIEW}),
    JobState.FAILED: frozenset(),
    JobState.STOPPED: frozenset(),
    # A lost run is started again only by a person, under a new attempt number.
    JobState.LOST: frozenset({JobState.STAGING, JobState.CANCELLED}),
    JobState.IN_REVIEW: frozenset({JobState.RELEASED, JobState.CLOSED}),
    JobState.RELEASED: frozenset({JobState.CLOSED}),
    JobState.CLOSED: frozenset(),
}

# A job in one of these has, or is about to have, a process: the timer looks after it.
UNDER_WAY: frozenset[StrEnum] = frozenset({JobState.STAGING, JobState.RUNNING})


# A job in one of these has made something that learned from what it read.
ENDED_WELL = (JobState.SUCCEEDED, JobState.IN_REVIEW, JobState.RELEASED, JobState.CLOSED)


class OutputState(StrEnum):
    """Whether one output file may leave."""

    HELD = "held"
    RELEASED = "released"
    WITHHELD = "withheld"


OUTPUT_TRANSITIONS: Mapping[StrEnum, frozenset[StrEnum]] = {
    OutputState.HELD: frozenset({OutputState.RELEASED, OutputState.WITHHELD}),
    OutputState.RELEASED: frozenset(),
    OutputState.WITHHELD: frozenset(),
}
