"""The committee's decision on a request: votes, what of the open matters they find covered, and the grant."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from consent.actions import record_verdicts
from consent.rules.asked import Asked
from core.accounts.models import User
from core.accounts.permissions import require
from core.accounts.roles import Role
from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict, Invalid, NotAllowed
from core.lifecycle import move
from core.texts import gettext_noop as _
from registry.actions.requests import tell
from registry.models import AccessRequest, Grant, MatterDecision, Vote
from registry.permissions import person
from registry.queries import asked_in, donor_counts, last_day, matters_of, use_in
from registry.rules.lifecycle import RequestState
from registry.rules.texts import require_text
from registry.rules.votes import agreed, decided

GRANT_DAYS = 365
NOBODY = _(
    "No donor's consent permits this unless you find covered what they leave to you, as the other member did. "
    "Otherwise reject the request."
)
NOBODY_LEFT = _("No donor's consent permits this any more, so it would give access to nothing. Reject the request.")


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
        raise Invalid("Choose from what is listed.", "matters", {"covers": _("Choose from what is listed.")})
    if not approves or donor_counts(request.version, Asked(use_in(request), _agreed(request, covers)))[0]:
        return
    if known:
        raise Invalid(NOBODY, "nobody", {"covers": NOBODY})
    raise Invalid(NOBODY_LEFT, "nobody", {"approves": NOBODY_LEFT})


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
        record_verdicts(question=asked_in(grant), programme_id=grant.programme_id, by=by)
        record("grant.offered", grant, by=by, data={"request": request.pk, "use": request.use_digest})
    approved, refused = _("Your request for access was approved"), _("Your request for access was not approved")
    tell(request.researcher, approved if outcome == RequestState.APPROVED else refused, request, "decided")


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
    if last is None or last >= year.date():
        return year
    return datetime.combine(last + timedelta(days=1), time.min, now.tzinfo)
