"""Reminds grantees of evidence that is due soon, and them and the stewards of what is overdue; once each."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.accounts.queries import members
from core.accounts.roles import Role
from core.notifications.send import notify
from core.texts import gettext_noop as _
from registry.models import Evidence
from registry.rules.evidence import WARNED
from registry.rules.lifecycle import EvidenceState

MOST = 200
SOON = _("Evidence for an agreement of yours is due soon")
LATE = _("Evidence for an agreement of yours is overdue: nothing new can begin before you give it")
LATE_FOR_STAFF = _("Evidence for an agreement is overdue")


def remind_of_evidence() -> int:
    """Tells of what is due; returns of how many. Safe to run twice at once: a message is put once."""
    now = timezone.now()
    owed = Evidence.objects.filter(state=EvidenceState.OWED).select_related("grant__request")
    late = owed.filter(due_at__lte=now, reminded_at=None)
    soon = owed.filter(due_at__gt=now, due_at__lte=now + WARNED, warned_at=None)
    for evidence in late[:MOST]:
        _tell(evidence, LATE, "reminded_at")
    for evidence in soon[:MOST]:
        _tell(evidence, SOON, "warned_at")
    return Evidence.objects.filter(Q(reminded_at__gte=now) | Q(warned_at__gte=now)).count()


def _tell(evidence: Evidence, title: str, column: str) -> None:
    grant, now = evidence.grant, timezone.now()
    told: dict[str, Any] = {
        "link": f"/evidence/{evidence.pk}/",
        "body": grant.request.title,
        "dedupe": f"evidence:{evidence.pk}:{column}:{evidence.due_at:%Y%m%d}",
    }
    with transaction.atomic():
        Evidence.objects.filter(pk=evidence.pk).update(**{column: now})
        notify(user_id=grant.researcher_id, title=title, **told)
        if column == "reminded_at":
            for steward in members(evidence.programme_id, Role.STEWARD).exclude(pk=grant.researcher_id):
                notify(user_id=steward.pk, title=LATE_FOR_STAFF, **told)
