"""Asking for access, and the committee's decision."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from consent.actions import record_verdicts
from consent.queries import diseases
from consent.rules.asked import Asked
from consent.rules.use import digest
from core.accounts.models import User
from core.accounts.permissions import require
from core.accounts.queries import members
from core.accounts.roles import Role
from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict, Invalid, NotAllowed
from core.lifecycle import hold, move
from core.notifications.send import notify
from core.texts import gettext_noop as _
from registry.models import AccessRequest, DatasetVersion, Grant, MatterDecision, Vote
from registry.permissions import person, require_researcher
from registry.queries import asked_in, donor_counts, donors_left, last_day, matters_of, use_in
from registry.rules.lifecycle import RequestState, VersionState
from registry.rules.purpose import use_of
from registry.rules.texts import require_text
from registry.rules.votes import agreed, decided

GRANT_DAYS = 365
CLOSED = "This version takes no new requests. Ask for the newest one."
NOBODY = (
    "No donor's consent permits this unless you find covered what they leave to you, as the other member did. "
    "Otherwise reject the request."
)
DECIDED = "The committee has decided on this request, so it cannot be taken back. If you no longer need it, do nothing."


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
    """Sends a request to the committee, with the counts of today. Sending twice changes nothing.

    Raises Conflict when the version takes no new use, or when no donor's consent permits this use.
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
        permitted, total = donor_counts(request.version, use)
        if not permitted and not donors_left(request.version, use):
            raise Conflict("No donor's consent permits this use, so there is nothing to decide.", "no_donors")
        record_verdicts(use=use, programme_id=request.programme_id, by=by)
        now = timezone.now()
        move(request, RequestState.SUBMITTED, by=by, submitted_at=now, permitted_donors=permitted, total_donors=total)
        for member in members(request.programme_id, Role.COMMITTEE).exclude(pk=user.pk):
            _tell(member, _("A request for access waits for the committee"), request, "submitted")


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


def cast_vote(
    *, request: AccessRequest, approves: bool, reason: str, by: Actor, covers: Collection[str] = ()
) -> AccessRequest:
    """One committee member's vote, cast once. Two alike decide; approval makes a grant for the researcher to sign.

    `covers`: the keys of matters (queries.matters_of) that this member finds covered by the consents that leave them
    to a person. What all who approve find covered is, for this request alone; everything else is not.
    Raises NotAllowed for the researcher themselves, Conflict for a second vote or a request that is decided, Invalid
    for a matter that nobody leaves open, and for an approval that would reach nobody.
    """
    member = person(by)
    require(member, request.programme_id, Role.COMMITTEE)
    if request.researcher_id == member.pk:
        raise NotAllowed("This is your own request, so others must decide on it.", "own_request")
    require_text(reason=reason)
    with transaction.atomic():
        # Locks the request's row, so that two votes at once are counted one after the other.
        open_request = AccessRequest.objects.filter(pk=request.pk, state=RequestState.SUBMITTED)
        if not open_request.update(state=RequestState.SUBMITTED):
            raise Conflict("This request is decided already, or was taken back.", "decided")
        found = sorted(set(covers)) if approves else []
        _require_reach(request, approves, found)
        _cast(request, member, approves, reason.strip(), found)
        record("request.voted", request, by=by, data={"approves": approves, "covers": found})
        outcome = decided(request.votes.order_by("id").values_list("approves", flat=True))
        if outcome is not None:
            _decide(request, outcome, by)
    return request


def _require_reach(request: AccessRequest, approves: bool, covers: Sequence[str]) -> None:
    """Raises Invalid where a matter is not known, and where an approval with these would give access to nobody."""
    known = {matter.key for matter in matters_of(request)}
    if not known.issuperset(covers):
        raise Invalid("Choose from what is listed.", "matters", {"covers": "Choose from what is listed."})
    if not approves or not known:
        return
    question = Asked(use_in(request), _agreed(request, covers))
    if not donor_counts(request.version, question)[0]:
        raise Invalid(NOBODY, "nobody", {"covers": NOBODY})


def _agreed(request: AccessRequest, *covers: Sequence[str]) -> frozenset[str]:
    """What all who approve find covered, with the votes in `covers` besides."""
    return agreed([*request.votes.filter(approves=True).values_list("covers", flat=True), *covers])


def _cast(request: AccessRequest, member: User, approves: bool, reason: str, covers: Sequence[str]) -> None:
    try:
        with transaction.atomic():
            Vote.objects.create(request=request, member=member, approves=approves, reason=reason, covers=covers)
    except IntegrityError:
        raise Conflict("You have voted on this request already.", "voted") from None


def _decide(request: AccessRequest, outcome: RequestState, by: Actor) -> None:
    request.refresh_from_db()
    move(request, outcome, by=by, decided_at=timezone.now())
    if outcome == RequestState.APPROVED:
        _decide_matters(request, by)
        grant = Grant.objects.create(
            programme_id=request.programme_id,
            request=request,
            researcher_id=request.researcher_id,
            version_id=request.version_id,
            use=request.use,
            use_digest=request.use_digest,
            expires_at=_end(request),
        )
        record_verdicts(use=use_in(grant), programme_id=grant.programme_id, by=by)
        record("grant.offered", grant, by=by, data={"request": request.pk, "use": request.use_digest})
    approved, refused = _("Your request for access was approved"), _("Your request for access was not approved")
    _tell(request.researcher, approved if outcome == RequestState.APPROVED else refused, request, "decided")


def _decide_matters(request: AccessRequest, by: Actor) -> None:
    """Puts down, of everything that donors leave to a person, whether it is covered; what is not named is not."""
    covered, matters = _agreed(request), list(matters_of(request))
    for each in matters:
        MatterDecision.objects.create(
            request=request, matter=each.key, code=each.code, sentence=each.sentence, covered=each.key in covered
        )
    if matters:
        told = {each.key: each.key in covered for each in matters}
        record("request.matters_decided", request, by=by, data={"covered": told})


def _end(request: AccessRequest) -> datetime:
    """A year from now, or when the last donor's time limit has passed, whichever comes first."""
    now = timezone.now()
    last = last_day(request.version, replace(asked_in(request), since=now.date()))
    year = now + timedelta(days=GRANT_DAYS)
    return year if last is None else min(year, datetime.combine(last + timedelta(days=1), time.min, now.tzinfo))


def _tell(user: User, title: str, request: AccessRequest, event: str) -> None:
    link, dedupe = f"/requests/{request.pk}/", f"request:{request.pk}:{event}"
    notify(user_id=user.pk, title=title, body=request.title, link=link, dedupe=dedupe)
