"""Asking for access: a draft, sent to the committee, or taken back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from consent.actions import record_verdicts
from consent.queries import diseases, tallied
from consent.rules.use import digest
from core.accounts.models import User
from core.accounts.permissions import require
from core.accounts.queries import members
from core.accounts.roles import Role
from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict
from core.lifecycle import hold, move
from core.notifications.send import notify
from core.texts import gettext_noop as _
from registry.models import AccessRequest, DatasetVersion
from registry.permissions import person, require_researcher
from registry.queries import use_in
from registry.rules.lifecycle import RequestState, VersionState
from registry.rules.purpose import use_of
from registry.rules.texts import require_text

CLOSED = _("This version takes no new requests. Ask for the newest one.")
DECIDED = _(
    "The committee has decided on this request, so it cannot be taken back. If you no longer need it, do nothing."
)


def draft_request(
    *, version: DatasetVersion, title: str, aim: str, institution: str, answers: Mapping[str, Any], by: Actor
) -> AccessRequest:
    """Writes a request down, not yet sent; the same one twice gives the first.

    `answers` are those of registry/rules/purpose.py. Raises Invalid with a sentence per field, Conflict when the
    version takes no new use.
    """
    user = person(by)
    require(user, version.programme_id, Role.RESEARCHER)
    if version.state != VersionState.FROZEN:
        raise Conflict(CLOSED, "version_closed")
    require_text(title=title, aim=aim, institution=institution)
    use = use_of({**answers, "institution": institution}, diseases())
    with transaction.atomic():
        drafts = AccessRequest.objects.filter(version=version, researcher=user, state=RequestState.DRAFT)
        same = drafts.filter(title=title.strip(), aim=aim.strip(), use_digest=digest(use)).first()
        if same is not None:
            return same
        request = AccessRequest.objects.create(
            programme_id=version.programme_id,
            version=version,
            researcher=user,
            title=title.strip(),
            aim=aim.strip(),
            institution=institution.strip(),
            use=use.to_dict(),
            use_digest=digest(use),
        )
        record("request.drafted", request, by=by, data={"version": version.pk, "use": request.use_digest})
    return request


def submit_request(*, request: AccessRequest, by: Actor) -> None:
    """Sends a request to the committee, with the day's count. Sending twice changes nothing.

    Raises Conflict when the version takes no new use, or when no donor's consent permitted this use at that count.
    """
    user = require_researcher(by, request)
    require(user, request.programme_id, Role.RESEARCHER)
    use = use_in(request)
    with transaction.atomic():
        hold(request)
        if request.state == RequestState.SUBMITTED:
            return
        if not DatasetVersion.objects.filter(pk=request.version_id, state=VersionState.FROZEN).exists():
            raise Conflict(CLOSED, "version_closed")
        counted = tallied(use, request.version_id)
        if counted is None:
            raise Conflict("The donors have not been counted yet. Send it again in a minute.", "not_counted")
        if not counted.permitted and not counted.left:
            raise Conflict("No donor's consent permits this use, so there is nothing to decide.", "no_donors")
        record_verdicts(question=use, programme_id=request.programme_id, by=by)
        now = timezone.now()
        counts: dict[str, Any] = {"permitted_donors": counted.permitted, "total_donors": counted.total}
        move(request, RequestState.SUBMITTED, by=by, submitted_at=now, **counts)
        for member in members(request.programme_id, Role.COMMITTEE).exclude(pk=user.pk):
            tell(member, _("A request for access waits for the committee"), request, "submitted")


def take_back(*, request: AccessRequest, by: Actor) -> None:
    """The researcher no longer asks; taking back twice changes nothing."""
    require_researcher(by, request)
    with transaction.atomic():
        hold(request)
        if request.state == RequestState.TAKEN_BACK:
            return
        if request.state in (RequestState.APPROVED, RequestState.REJECTED):
            raise Conflict(DECIDED, "decided")
        move(request, RequestState.TAKEN_BACK, by=by, decided_at=timezone.now())


def tell(user: User, title: str, request: AccessRequest, event: str) -> None:
    """Tells one person of what became of a request, once for each event."""
    link, dedupe = f"/requests/{request.pk}/", f"request:{request.pk}:{event}"
    notify(user_id=user.pk, title=title, body=request.title, link=link, dedupe=dedupe)
