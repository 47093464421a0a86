"""How a job is shown: its steps, its live numbers, its specification in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from core.accounts.models import User
from core.canonical import canonical_json
from core.design.formats import grouped
from core.design.tones import label_of
from core.texts import gettext_noop as _
from training_jobs import queries
from training_jobs.models import APPROVALS_NEEDED, TrainingJob
from training_jobs.rules.lifecycle import JobState
from training_jobs.rules.templates import OutputKind, Parameter
from training_jobs.web.forms import LIMIT_WORDS
from training_jobs.web.previews import preview

WORKING = (JobState.APPROVED, JobState.STAGING, JobState.RUNNING, JobState.SUCCEEDED)
ENDED_EARLY = (JobState.REJECTED, JobState.CANCELLED, JobState.FAILED, JobState.STOPPED, JobState.LOST)
#: The steps in order, each with the states in which the job stands at it.
ORDER: tuple[tuple[str, tuple[JobState, ...]], ...] = (
    (_("Two reviewers decide"), (JobState.SUBMITTED, JobState.REJECTED)),
    (_("Waits for room on the machine"), (JobState.APPROVED, JobState.CANCELLED)),
    (_("Images are copied into the sandbox"), (JobState.STAGING,)),
    (_("Runs"), (JobState.RUNNING, JobState.FAILED, JobState.STOPPED, JobState.LOST)),
    (_("Outputs are checked and reviewed"), (JobState.SUCCEEDED, JobState.IN_REVIEW)),
    (_("Decided what leaves"), (JobState.RELEASED, JobState.CLOSED)),
)
SAYS = {
    JobState.FAILED: _("The run failed"),
    JobState.STOPPED: _("The run was stopped"),
    JobState.LOST: _("The run was interrupted"),
    JobState.REJECTED: _("A reviewer rejected it"),
    JobState.CANCELLED: _("It was cancelled"),
}
SOON: dict[str, str] = {
    JobState.APPROVED: _("It starts as soon as there is room."),
    JobState.STAGING: _("Images are being copied."),
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
    if job.state not in ENDED_EARLY:
        return "", ""
    # Why a reviewer refused it is in their own words.
    words = job.reason if job.state == JobState.REJECTED else queries.kept_said(job.reason)
    return gettext(SAYS[JobState(job.state)]), words


def steps(job: TrainingJob) -> list[dict[str, Any]]:
    """The job's way as events of a timeline."""
    at = next(number for number, (_label, states) in enumerate(ORDER) if job.state in states)
    ended = job.state in (JobState.RELEASED, JobState.CLOSED)
    first: list[dict[str, Any]] = [{"label": gettext("Asked for"), "at": job.created_at}]
    for number, (label, _states) in enumerate(ORDER):
        state = "done" if number < at or ended else "todo" if number > at else _now(job)
        first.append({"label": gettext(label), "state": state, **_more(job, number, state)})
    return first


def _now(job: TrainingJob) -> str:
    return "failed" if job.state in ENDED_EARLY else "now"


def _more(job: TrainingJob, number: int, state: str) -> dict[str, Any]:
    if number == 0 and state == "now":
        agreed = {"agreed": job.approvals.filter(approves=True).count(), "needed": APPROVALS_NEEDED}
        return {"text": gettext("%(agreed)s of %(needed)s have approved.") % agreed}
    if number == 2 and state == "done" and job.image_count is not None:
        read = {"images": grouped(job.image_count), "donors": grouped(job.donor_count or 0)}
        return {"text": gettext("%(images)s images of %(donors)s donors who allow this use.") % read}
    if number == 3 and state in ("done", "failed", "now"):
        return {"at": job.finished_at or job.started_at}
    return {}


def live(job: TrainingJob) -> Live:
    """Progress and every metric that the template may show, the one that tells how good it is first."""
    names = sorted({name for row in job.metrics for name in row} - {"step"}, key=lambda name: ("auc" not in name, name))
    charts = []
    for name in names:
        words = gettext(label_of(name).replace("auc", "AUC"))
        points = [(row["step"], row[name]) for row in job.metrics if name in row]
        charts.append((words, [{"name": words, "points": points}], words))
    return Live(
        under_way=under_way(job),
        percent=round(100 * job.progress),
        said=gettext(SOON[job.state]) if job.state in SOON else "",
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
    known = {p.name: p for p in template.parameters} if template else {}
    return {
        "template": template,
        "data": data,
        "parameters": [_parameter(known.get(name), name, value) for name, value in data["parameters"].items()],
        "limits": [[gettext(LIMIT_WORDS.get(name, name)), grouped(value)] for name, value in data["limits"].items()],
        "canonical": canonical_json(data),
    }


def _parameter(known: Parameter | None, name: str, value: Any) -> list[Any]:
    """A parameter's title and value; one that the template does not have any more is shown under its name."""
    if known is None:
        return [name, value]
    return [gettext(known.title), gettext(label_of(value)) if known.kind == "choice" else value]
