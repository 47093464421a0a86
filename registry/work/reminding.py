"""Reminds grantees of evidence that is due soon, and them and the stewards of what is overdue; once each."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from core.accounts.queries import members
from core.accounts.roles import Role
from core.notifications.send import notify
from core.texts import gettext_noop as _
from registry.models import Evidence
from registry.queries.evidence import owed
from registry.rules.evidence import FIRST, WARNED
from registry.rules.lifecycle import EvidenceState

MOST = 200
SOON = _("Evidence for an agreement of yours is due soon")
LATE = _("Evidence for an agreement of yours is overdue: nothing new can begin before you give it")
LATE_FOR_STAFF = _("Evidence for an agreement is overdue")


def remind_of_evidence() -> int:
    """Tells of what is due; returns of how many. Safe to run twice at once.

    What must come before the first use has no day: it waits for the grantee and is never late.
    """
    now = timezone.now()
    due = owed(now + WARNED).exclude(code__in=FIRST).select_related("grant__request")
    late = due.filter(due_at__lte=now, reminded_at=None)
    soon = due.filter(due_at__gt=now, warned_at=None)
    told = [_told(evidence, LATE, "reminded_at") for evidence in late[:MOST]]
    return sum(told) + sum(_told(evidence, SOON, "warned_at") for evidence in soon[:MOST])


def _told(evidence: Evidence, title: str, column: str) -> bool:
    """Whether it was this worker that told of it, and there was still something to tell."""
    grant = evidence.grant
    told: dict[str, Any] = {
        "link": f"/evidence/{evidence.pk}/",
        "body": grant.request.title,
        "dedupe": f"evidence:{evidence.pk}:{column}:{evidence.due_at:%Y%m%d}",
    }
    with transaction.atomic():
        untold = Evidence.objects.filter(pk=evidence.pk, state=EvidenceState.OWED, **{column: None})
        if not untold.update(**{column: timezone.now()}):
            return False
        notify(user_id=grant.researcher_id, title=title, **told)
        if column == "reminded_at":
            for steward in members(evidence.programme_id, Role.STEWARD).exclude(pk=grant.researcher_id):
                notify(user_id=steward.pk, title=LATE_FOR_STAFF, **told)
    return True
