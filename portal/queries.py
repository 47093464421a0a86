"""What waits for someone, gathered from every app."""

from django.urls import reverse
from django.utils.translation import gettext as _

from consent import queries as consent
from core.accounts.queries import Reader, roles_of
from core.accounts.roles import Role
from core.audit.queries import failing_witnesses, open_alarms
from core.due.queries import stuck
from core.spoken import said
from core.waiting import Waiting
from curation import queries as curation
from registry import queries as registry
from training_jobs import queries as training_jobs

STUCK_SHOWN = 10


def waiting(user: Reader) -> list[Waiting]:
    """Everything that waits for `user`, longest first."""
    apps = (consent, registry, curation, training_jobs)
    lines = [line for app in apps for line in app.waiting(user)]
    if Role.STEWARD in roles_of(user):
        lines += [*_log(), *_stuck_work()]
    return sorted(lines, key=lambda line: line.since)


def _log() -> list[Waiting]:
    """What does not hold in the public log, and witnesses that do not take its heads: for every steward."""
    alarms = [
        Waiting(
            kind="log",
            title=_("%(words)s (%(about)s)") % {"words": said(words), "about": f"{alarm.code} {alarm.subject}"},
            href=reverse("portal:audit"),
            since=alarm.found_at,
        )
        for alarm, words in open_alarms()
    ]
    return alarms + [
        Waiting(
            kind="witness",
            title=_("A witness does not take the log's heads: %(witness)s (%(error)s)")
            % {"witness": witness.name, "error": witness.last_error},
            href=reverse("portal:audit"),
            since=witness.failing_since,
        )
        for witness in failing_witnesses()
        if witness.failing_since is not None
    ]


def _stuck_work() -> list[Waiting]:
    """Work that no worker gets done: it belongs to no programme, so every steward is told what kind it is."""
    return [
        Waiting(
            kind="work",
            title=_("Background work does not get done: %(kind)s (%(error)s)")
            % {"kind": row.kind, "error": row.last_error or _("no worker takes it")},
            href=f"{reverse('portal:audit')}?subject={row.subject_id}",
            since=row.created_at,
        )
        for row in stuck()[:STUCK_SHOWN]
    ]
