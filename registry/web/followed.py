"""What followed from a report, as its page shows it: the way that it took, and the things that it touched."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from core.accounts.queries import Reader, holds
from core.accounts.roles import Role
from registry.models import IdentityReport
from registry.rules.lifecycle import ReportState

#: Code of a step -> what it says, and the page of the thing that it is about.
STEPS: dict[str, tuple[str, str]] = {
    "version_closed": ("A version was closed to new use", "registry:version"),
    "version_made": ("A version was made in its place", "registry:version"),
    "job_stopped": ("A training job was stopped", "training_jobs:job"),
    "job_restaged": ("A training job is given its images anew, without these", "training_jobs:job"),
    "job_marked": ("A training job had read them before", "training_jobs:job"),
    "output_stopped": ("A result is not given out any more", "training_jobs:output"),
    "series_named": ("Curators can look at the series", "curation:series"),
    "series_rejected": ("The series was rejected, its copies and pictures erased", "curation:series"),
    "recheck": ("All clean images are looked through again", "curation:recheck"),
    "images_erased": ("The images were erased", ""),
}
#: Who of those that see a report may open which of these pages.
READERS: dict[str, tuple[Role, ...]] = {
    "registry:version": (Role.STEWARD, Role.CURATOR, Role.AUDITOR),
    "training_jobs:job": (Role.STEWARD, Role.AUDITOR),
    "training_jobs:output": (Role.STEWARD, Role.AUDITOR),
    "curation:series": (Role.CURATOR,),
    "curation:recheck": (Role.STEWARD, Role.CURATOR, Role.AUDITOR),
}


def followed(report: IdentityReport, user: Reader) -> list[dict[str, Any]]:
    """The things that the report touched: words, time and address, in the order in which it reached them.

    An address only where this reader may open the page.
    """
    steps = [step for step in report.steps.order_by("at", "pk") if step.what in STEPS]
    open_to = {page: holds(user, report.programme_id, *roles) for page, roles in READERS.items()}
    return [
        {
            "words": STEPS[step.what][0],
            "at": step.at,
            "href": reverse(STEPS[step.what][1], args=[step.subject_id]) if open_to.get(STEPS[step.what][1]) else "",
        }
        for step in steps
    ]


def way(report: IdentityReport) -> list[dict[str, Any]]:
    """The report's way as events of a timeline."""
    notices = list(report.notices.all())
    asked = [notice for notice in notices if notice.deadline]
    answered = [notice for notice in asked if notice.attested_at]
    events = [_event("Reported", report.opened_at)]
    if report.images.exists():
        events.append(_event("Use of the images stopped", report.opened_at))
    if notices:
        told = _event("Holders told", _last(notice.told_at for notice in notices), f"{len(notices):,} in all.")
        events.append(told)
    if asked:
        text = f"{len(answered):,} of {len(asked):,} have answered that they deleted their copies."
        late = sum(1 for notice in asked if notice.overdue_at)
        text += f" {late:,} did not answer in time, so their access ended." if late else ""
        done = len(answered) == len(asked) or report.state == ReportState.DISMISSED
        at = _last(notice.attested_at for notice in answered) if done and answered else None
        events.append(_event("Holders answer", at, text, state="done" if done else "now"))
    return [*events, *_decided(report)]


def _decided(report: IdentityReport) -> list[dict[str, Any]]:
    if report.state == ReportState.OPEN:
        return [_event("A steward decides", None, state="now")]
    if report.state == ReportState.DISMISSED:
        return [_event("Dismissed: the images may be used again", report.decided_at)]
    erased = report.steps.filter(what="images_erased").first()
    return [
        _event("Confirmed", report.decided_at),
        _event("Images erased", erased.at if erased else None, state="done" if erased else "now"),
    ]


def _event(label: str, at: datetime | None, text: str = "", *, state: str = "done") -> dict[str, Any]:
    return {"label": label, "at": at, "text": text, "state": state}


def _last(times: Iterable[datetime | None]) -> datetime | None:
    return max((time for time in times if time), default=None)
