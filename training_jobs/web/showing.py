"""How a job is shown: its steps, its live numbers, its specification in words."""

from dataclasses import dataclass
from typing import Any

from core.accounts.models import User
from core.canonical import canonical_json
from training_jobs import queries
from training_jobs.models import APPROVALS_NEEDED, TrainingJob
from training_jobs.rules.lifecycle import JobState
from training_jobs.rules.templates import OutputKind
from training_jobs.web.forms import LIMIT_WORDS
from training_jobs.web.previews import preview

WORKING = (JobState.APPROVED, JobState.STAGING, JobState.RUNNING, JobState.SUCCEEDED)
ENDED_EARLY = (JobState.REJECTED, JobState.CANCELLED, JobState.FAILED, JobState.STOPPED, JobState.LOST)
#: The steps in order, each with the states in which the job stands at it.
ORDER: tuple[tuple[str, tuple[JobState, ...]], ...] = (
    ("Two reviewers decide", (JobState.SUBMITTED, JobState.REJECTED)),
    ("Waits for room on the machine", (JobState.APPROVED, JobState.CANCELLED)),
    ("Images are copied into the sandbox", (JobState.STAGING,)),
    ("Runs", (JobState.RUNNING, JobState.FAILED, JobState.STOPPED, JobState.LOST)),
    ("Outputs are checked and reviewed", (JobState.SUCCEEDED, JobState.IN_REVIEW)),
    ("Decided what leaves", (JobState.RELEASED, JobState.CLOSED)),
)
SAYS = {
    JobState.FAILED: "The run failed",
    JobState.STOPPED: "The run was stopped",
    JobState.LOST: "The run was interrupted",
    JobState.REJECTED: "A reviewer rejected it",
    JobState.CANCELLED: "It was cancelled",
}


@dataclass(frozen=True)
class Live:
    """What moves while a job runs. `main` and `more` are charts: (title, series, label of the numbers)."""

    under_way: bool
    percent: int
    said: str
    main: list[tuple[str, list[dict[str, Any]], str]]
    more: list[tuple[str, list[dict[str, Any]], str]]


def under_way(job: TrainingJob) -> bool:
    """Whether the job moves by itself."""
    return job.state in WORKING


def reason(job: TrainingJob) -> tuple[str, str]:
    """What ended the job early, as a title and a sentence; empty where nothing did."""
    return (SAYS[JobState(job.state)], job.reason) if job.state in ENDED_EARLY else ("", "")


def steps(job: TrainingJob) -> list[dict[str, Any]]:
    """The job's way as events of a timeline."""
    at = next(number for number, (_, states) in enumerate(ORDER) if job.state in states)
    ended = job.state in (JobState.RELEASED, JobState.CLOSED)
    first: list[dict[str, Any]] = [{"label": "Asked for", "at": job.created_at}]
    for number, (label, _) in enumerate(ORDER):
        state = "done" if number < at or ended else "todo" if number > at else _now(job)
        first.append({"label": label, "state": state, **_more(job, number, state)})
    return first


def _now(job: TrainingJob) -> str:
    return "failed" if job.state in ENDED_EARLY else "now"


def _more(job: TrainingJob, number: int, state: str) -> dict[str, Any]:
    if number == 0 and state == "now":
        agreed = job.approvals.filter(approves=True).count()
        return {"text": f"{agreed} of {APPROVALS_NEEDED} have approved."}
    if number == 2 and state == "done" and job.image_count is not None:
        return {"text": f"{job.image_count:,} images of {job.donor_count:,} donors who allow this use."}
    if number == 3 and state in ("done", "failed", "now"):
        return {"at": job.finished_at or job.started_at}
    return {}


def live(job: TrainingJob) -> Live:
    """Progress and every metric that the template may show, the one that tells how good it is first."""
    names = sorted({name for row in job.metrics for name in row} - {"step"}, key=lambda name: ("auc" not in name, name))
    charts = []
    for name in names:
        words = name.replace("_", " ").capitalize().replace("auc", "AUC")
        points = [(row["step"], row[name]) for row in job.metrics if name in row]
        charts.append((words, [{"name": words, "points": points}], words))
    said = {JobState.APPROVED: "It starts as soon as there is room.", JobState.STAGING: "Images are being copied."}
    return Live(
        under_way=under_way(job),
        percent=round(100 * job.progress),
        said=said.get(JobState(job.state), ""),
        main=charts[:1],
        more=charts[1:],
    )


def headline(user: User, job: TrainingJob) -> list[tuple[float, str, str]]:
    """The figures of the job's metrics, for whoever may see into them."""
    output = queries.outputs_of(job).filter(kind=OutputKind.METRICS).first()
    data = queries.readable_bytes(user, output) if output else None
    return preview(OutputKind.METRICS, data).figures if data else []


def specification(job: TrainingJob) -> dict[str, Any]:
    """Exactly what was asked for, in words and as the canonical text whose digest is approved."""
    data = job.specification
    template = queries.templates().get(data["template"]["name"])
    titles = {p.name: p.title for p in template.parameters} if template else {}
    return {
        "template": template,
        "data": data,
        "parameters": [[titles.get(name, name), value] for name, value in data["parameters"].items()],
        "limits": [[LIMIT_WORDS.get(name, name), f"{value:,}"] for name, value in data["limits"].items()],
        "canonical": canonical_json(data),
    }
