"""Sixth chapter: a training job is submitted, approved twice, runs without a network, and its results are reviewed."""

import json

from core.accounts.roles import Role
from portal.story.stage import Stage
from portal.story.telling import StoryBroken
from registry.queries import grants_of
from training_jobs import actions, queries
from training_jobs.models import JobOutput, TrainingJob

TEMPLATE = "image_classifier"
LEAST_AUC = 0.7
DONE = {"in_review", "failed", "stopped", "lost"}


def tell(stage: Stage) -> None:
    """From the submission to the released AUC."""
    with stage.teller.chapter("A training job runs in the sandbox"):
        researcher = stage.cast.one(Role.RESEARCHER)
        grant = grants_of(researcher).get(pk=stage.grant_id)
        job = actions.submit_job(grant=grant, template=TEMPLATE, parameters={}, title="Bright spots", by=researcher)
        stage.job_id = job.pk
        stage.teller.say(f"The researcher submits a job; its specification is {job.spec_digest[:16]}…")
        for place in (0, 1):
            reviewer = stage.cast.one(Role.JOB_REVIEWER, place)
            actions.decide_job(job=_job(stage), approves=True, reason="", spec_digest=job.spec_digest, by=reviewer)
        stage.teller.say("Two reviewers approve exactly this specification.")
        stage.teller.wait(lambda: _watched(stage), "the job ends")
        job = _job(stage)
        if job.state != "in_review":
            raise StoryBroken(f"The job is {job.state}: {job.reason}")
        stage.teller.say(f"It ran on {job.image_count} images of {job.donor_count} donors")
        _review(stage, job)


def _job(stage: Stage) -> TrainingJob:
    return queries.jobs_of(stage.cast.one(Role.RESEARCHER)).get(pk=stage.job_id)


def _watched(stage: Stage) -> bool:
    return _job(stage).state in DONE


def _review(stage: Stage, job: TrainingJob) -> None:
    outputs = {output.name: output for output in queries.outputs_to_review(stage.cast.one(Role.JOB_REVIEWER))}
    for name, output in outputs.items():
        stage.teller.say(f"    held: {name}, checks say: {output.check_outcome.replace('_', ' ')}")
    withheld = [output for output in outputs.values() if output.check_outcome == "withhold"]
    stage.teller.hold(withheld, "a table with small cells was withheld by the checks")
    for output in outputs.values():
        leaves = output.name in {"metrics.json", "model_card.md"}
        for place in (0, 1):
            _decide(stage, output, leaves, place)
    stage.teller.wait(lambda: _released(stage) >= 2, "the released copies are there")
    names = set(queries.released_outputs(stage.cast.one(Role.RESEARCHER)).values_list("name", flat=True))
    stage.teller.hold(
        names == {"metrics.json", "model_card.md"},
        "the metrics and the model card left; the model and the table did not",
    )
    _read(stage)


def _decide(stage: Stage, output: JobOutput, leaves: bool, place: int) -> None:
    output.refresh_from_db()
    if output.state != "held" or (place and not leaves):
        return
    reviewer = stage.cast.one(Role.JOB_REVIEWER, place)
    actions.decide_output(output=output, releases=leaves, reason="" if leaves else "Not asked for.", by=reviewer)


def _released(stage: Stage) -> int:
    return queries.released_outputs(stage.cast.one(Role.RESEARCHER)).count()


def _read(stage: Stage) -> None:
    researcher = stage.cast.one(Role.RESEARCHER)
    output = queries.released_outputs(researcher).get(name="metrics.json")
    metrics = json.loads(stage.browser(researcher).get(f"/outputs/{output.pk}/download/"))
    auc, (low, high) = metrics["auc"], metrics["auc_interval_95"]
    stage.teller.hold(auc >= LEAST_AUC, f"AUC {auc:.2f} (95 % interval {low:.2f} to {high:.2f})")
