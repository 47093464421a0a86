"""Two workers on one release: the slower one takes nothing back."""

from collections.abc import Callable
from typing import Any

import pytest

from core.storage import work as storage
from core.storage.models import StoredObject
from tests.factories import training_jobs as make
from tests.integration.training_jobs.ended import run_ended_well
from training_jobs import actions, queries
from training_jobs.models import TrainingJob
from training_jobs.rules.lifecycle import JobState, OutputState
from training_jobs.work import releasing


def test_the_slower_of_two_workers_leaves_the_copy_that_the_other_released(
    small: make.World, until: Callable[..., TrainingJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = until(run_ended_well(small), JobState.IN_REVIEW)
    output = job.outputs.get(name="metrics.json")
    for reviewer in small.reviewers:
        actions.decide_output(output=output, releases=True, reason="", by=reviewer)
    write = storage.write

    def overtaken(*args: Any, **named: Any) -> StoredObject:
        monkeypatch.setattr(storage, "write", write)
        written = write(*args, **named)
        releasing.release(output.pk)
        return written

    monkeypatch.setattr(storage, "write", overtaken)
    releasing.release(output.pk)
    released = queries.output(small.researcher, output.pk)
    assert released.state == OutputState.RELEASED
    with queries.released_file(small.researcher, released) as stream:
        assert b"auc" in stream.read()
