"""Registers the due work of training jobs: a step for each job under way, a release for each agreed output."""

from core.due.crews import Crew
from core.due.kinds import kind, sweep
from core.due.queue import ask_missing
from training_jobs import work
from training_jobs.queries import agreed_outputs

STEP = kind("training_jobs.step", work.step_job, lease_seconds=180, crew=Crew.RUNNING)
RELEASE = kind("training_jobs.release", work.release, lease_seconds=180, crew=Crew.RUNNING)

sweep("training_jobs.under_way", lambda: ask_missing(STEP, work.under_way()), every_seconds=5)
sweep("training_jobs.agreed", lambda: ask_missing(RELEASE, agreed_outputs()), every_seconds=10)
sweep("training_jobs.leftovers", work.remove_leftovers, every_seconds=60)
sweep("training_jobs.recalled", lambda: work.keep_back(by=work.RUNNER), every_seconds=60)
