"""A run that has ended well, as it lies on the disk: what comes after it is tested without waiting for a real one."""

import json

from tests.factories import training_jobs as make
from training_jobs import work
from training_jobs.executors import record
from training_jobs.models import JobInput, TrainingJob
from training_jobs.work import place

METRICS = {"auc": 0.84, "auc_interval_95": [0.75, 0.9], "roc_curve": [[0, 0], [0.2, 0.7], [1, 1]]}
OUTPUTS = {
    "metrics.json": json.dumps(METRICS),
    "model.json": json.dumps({"weights": [0.5, -0.25], "intercept": 0.1}),
    "model_card.md": "# Model card\n\n## Limits\nTested on donors of one registry.\n",
    "subgroup_table.csv": "modality,donors\nCT,40\nMR,3\n",
}
RESULT = {
    "state": "finished",
    "reason": "The run ended well.",
    "ended_by": "itself",
    "exit_code": 0,
    "started_at": "2026-01-02T03:04:05+00:00",
    "finished_at": "2026-01-02T03:05:05+00:00",
    "peak_memory_mb": 100,
    "cpu_seconds": 10.0,
}


def run_ended_well(world: make.World) -> TrainingJob:
    """An approved job whose images were chosen and whose run lies ended on the disk."""
    job = world.approved()
    while not JobInput.objects.filter(job=job).exists():
        work.step_job(job.pk)
    job.refresh_from_db()
    folder = place.run_dir(job)
    (folder / record.OUTPUTS).mkdir(parents=True)
    for name, text in OUTPUTS.items():
        (folder / record.OUTPUTS / name).write_text(text)
    record.write(folder / record.REQUEST, {"job_id": str(job.pk)})
    record.write(folder / record.PROGRESS, {"fraction": 1.0, "steps": [{"step": 1, "validation_auc": 0.8}]})
    record.write(folder / record.RESULT, RESULT)
    return job
