"""What followed from a report, as its page shows it: the way that it took, and the things that it touched."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from core.accounts.queries import Reader, holds
from core.accounts.roles import Role
from core.design.formats import grouped
from registry.models import HolderNotice, IdentityReport
from registry.rules.lifecycle import ReportState

#: Code of a step -> what it says, and the page of the thing that it is about.
STEPS: dict[str, tuple[str, str]] = {
    "version_closed": (gettext_noop("A version was closed to new use"), "registry:version"),
    "version_made": (gettext_noop("A version was made in its place"), "registry:version"),
    "job_stopped": (gettext_noop("A training job was stopped"), "training_jobs:job"),
    "job_restaged": (gettext_noop("A training job is given its images anew, without these"), "training_jobs:job"),
    "job_marked": (gettext_noop("A training job had read them before"), "training_jobs:job"),
    "output_stopped": (gettext_noop("A result is not given out any more"), "training_jobs:output"),
    "series_named": (gettext_noop("Curators can look at the series"), "curation:series"),
    "series_rejected": (gettext_noop("The series was rejected, its copies and pictures erased"), "curation:series"),
    "recheck": (gettext_noop("All clean images are looked through again"), "curation:recheck"),
    "images_erased": (gettext_noop("The images were erased"), ""),
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
    events = [_event(_("Reported"), report.opened_at)]
    if report.images.exists():
        events.append(_event(_("Use of the images stopped"), report.opened_at))
    if notices:
        number = _("%(number)s in all.") % {"number": grouped(len(notices))}
        events.append(_event(_("Holders told"), _last(notice.told_at for notice in notices), number))
    if asked:
        text = _answers(asked, len(answered))
        done = len(answered) == len(asked) or report.state == ReportState.DISMISSED
        at = _last(notice.attested_at for notice in answered) if done and answered else None
        events.append(_event(_("Holders answer"), at, text, state="done" if done else "now"))
    return [*events, *_decided(report)]


def _answers(asked: list[HolderNotice], answered: int) -> str:
    """How many have answered, and how many did not in time."""
    counts = {"number": grouped(answered), "all": grouped(len(asked))}
    text = _("%(number)s of %(all)s have answered that they deleted their copies.") % counts
    late = sum(1 for notice in asked if notice.overdue_at)
    if not late:
        return text
    more = ngettext(
        "%(number)s did not answer in time, so their access ended.",
        "%(number)s did not answer in time, so their access ended.",
        late,
    )
    return f"{text} {more % {'number': grouped(late)}}"


def _decided(report: IdentityReport) -> list[dict[str, Any]]:
    if report.state == ReportState.OPEN:
        return [_event(_("A steward decides"), None, state="now")]
    if report.state == ReportState.DISMISSED:
        return [_event(_("Dismissed: the images may be used again"), report.decided_at)]
    erased = report.steps.filter(what="images_erased").first()
    return [
        _event(_("Confirmed"), report.decided_at),
        _event(_("Images erased"), erased.at if erased else None, state="done" if erased else "now"),
    ]


def _event(label: str, at: datetime | None, text: str = "", *, state: str = "done") -> dict[str, Any]:
    return {"label": label, "at": at, "text": text, "state": state}


def _last(times: Iterable[datetime | None]) -> datetime | None:
    return max((time for time in times if time), default=None)
