"""A job from the asking to the released result, under a real sandbox, with the shipped template."""

import json
from collections.abc import Callable

import pytest

from core.errors import Missing, NotAllowed
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import Zone
from tests.factories import training_jobs as make
from training_jobs import actions, queries
from training_jobs.models import JobInput, JobOutput, TrainingJob
from training_jobs.rules.lifecycle import JobState, OutputState
from training_jobs.work.place import job_dir

Until = Callable[..., TrainingJob]


def test_from_the_asking_to_the_result(world: make.World, until: Until, drain: Callable[[], int]) -> None:
    job = until(world.approved(features="all", image_size=64), JobState.IN_REVIEW)
    assert (job.donor_count, job.image_count, job.progress) == (60, 60, 1.0)
    assert job.metrics[-1]["step"] == 12
    assert len(job.data_digest) == 64
    assert JobInput.objects.filter(job=job).count() == 60
    assert not job_dir(job.pk).exists()
    outputs = {output.name: output for output in queries.outputs_of(job)}
    assert sorted(outputs) == ["metrics.json", "model.json", "model_card.md", "subgroup_table.csv"]
    assert {StoredObject.objects.get(pk=o.stored_id).zone for o in outputs.values()} == {Zone.OUTPUTS}
    assert outputs["metrics.json"].check_outcome == "releasable"
    metrics = json.loads(queries.held_bytes(world.reviewers[0], outputs["metrics.json"]))
    assert 0.5 < metrics["auc"] <= 1
    table = outputs["subgroup_table.csv"]
    assert (table.state, table.check_outcome) == (OutputState.HELD, "withhold")
    with pytest.raises(NotAllowed, match="cannot be released"):
        actions.decide_output(output=table, releases=True, reason="", by=world.reviewers[0])
    let_go(world, outputs["metrics.json"], drain)
    hold_back(world, outputs["model.json"])
    decided = [output for output in outputs.values() if output.name not in ("metrics.json", "model.json")]
    for output in decided:
        hold_back(world, output)
    job.refresh_from_db()
    assert job.state == JobState.RELEASED
    released = queries.released_outputs(world.researcher).get()
    with queries.released_file(world.researcher, released) as stream:
        assert json.loads(stream.read()) == metrics
    for user in (*world.reviewers, make.core.user(world.programme)):
        with pytest.raises(Missing):
            queries.released_file(user, released)


def let_go(world: make.World, output: JobOutput, drain: Callable[[], int]) -> None:
    """Two reviewers agree; the copy is there before the word."""
    for number, reviewer in enumerate(world.reviewers):
        actions.decide_output(output=output, releases=True, reason="", by=reviewer)
        drain()
        output.refresh_from_db()
        assert (output.state == OutputState.RELEASED) is (number == 1)
    assert output.released is not None
    assert (output.released.zone, storage.read(output.released)) == (Zone.RELEASED, storage.read(output.stored))


def hold_back(world: make.World, output: JobOutput) -> None:
    """One reviewer is enough to hold an output back."""
    actions.decide_output(output=output, releases=False, reason="Not needed.", by=world.reviewers[0])
    output.refresh_from_db()
    assert output.state == OutputState.WITHHELD
