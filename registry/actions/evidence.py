"""Evidence for what donors ask: owed from the signature on, given by the grantee, accepted or sent back."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from consent.rules.verdicts import Obligation
from core.accounts.models import User
from core.accounts.permissions import require
from core.accounts.queries import members
from core.accounts.roles import Role
from core.actors import Actor
from core.canonical import sha256_hex
from core.errors import Conflict, NotAllowed
from core.lifecycle import hold, move
from core.notifications.send import notify
from core.texts import gettext_noop as _
from registry.models import Evidence, Grant
from registry.permissions import person, require_researcher
from registry.queries.evidence import DECIDERS
from registry.rules.evidence import AGAIN, PROVED
from registry.rules.lifecycle import EvidenceState
from registry.rules.texts import require_text


def owe(grant: Grant, obligations: Iterable[Obligation]) -> None:
    """Puts down, in the transaction of the signature, what of the agreement's obligations the grantee must prove."""
    now = timezone.now()
    for each in obligations:
        if each.code in PROVED:
            Evidence.objects.create(
                programme_id=grant.programme_id,
                grant=grant,
                code=each.code,
                sentence=each.sentence,
                sentence_sha256=sha256_hex(each.sentence),
                shows=each.evidence,
                due_at=PROVED[each.code].at(now, grant.expires_at),
            )


def give_evidence(*, evidence: Evidence, reference: str, by: Actor) -> None:
    """The grantee says where the evidence is. What was sent back is given anew.

    Raises Invalid for nothing or too much, Conflict when it is being looked at or was accepted.
    """
    require_researcher(by, evidence.grant)
    require_text(reference=reference)
    with transaction.atomic():
        hold(evidence)
        if evidence.state != EvidenceState.OWED:
            raise Conflict("You have given this evidence already.", "given")
        given = {"reference": reference.strip(), "given_at": timezone.now(), "remark": ""}
        move(evidence, EvidenceState.GIVEN, by=by, why=evidence.code, **given)
        for role in DECIDERS:
            for member in members(evidence.programme_id, role).exclude(pk=evidence.grant.researcher_id):
                _tell(member, _("Evidence for an agreement waits for you"), evidence, "given")


def accept_evidence(*, evidence: Evidence, by: Actor) -> None:
    """A member of the committee or a steward finds that it shows what it should. Twice changes nothing."""
    member = _require_decider(evidence, by)
    with transaction.atomic():
        hold(evidence)
        if evidence.state == EvidenceState.ACCEPTED:
            return
        decided = {"decided_by": member, "decided_at": timezone.now()}
        move(evidence, EvidenceState.ACCEPTED, by=by, why=evidence.code, **decided)
        _tell(evidence.grant.researcher, _("Evidence that you gave was accepted"), evidence, "accepted")


def send_back(*, evidence: Evidence, remark: str, by: Actor) -> None:
    """It does not show it; the grantee reads why, and has two weeks at least to give other evidence."""
    member = _require_decider(evidence, by)
    require_text(remark=remark)
    with transaction.atomic():
        hold(evidence)
        now = timezone.now()
        decided = {"decided_by": member, "decided_at": now, "remark": remark.strip()}
        # They are told now: a warning that it is due soon would come with it.
        due = {"due_at": max(evidence.due_at, now + AGAIN), "warned_at": now, "reminded_at": None}
        move(evidence, EvidenceState.OWED, by=by, why="sent_back", **decided, **due)
        _tell(evidence.grant.researcher, _("Evidence that you gave was sent back"), evidence, "back")


def _require_decider(evidence: Evidence, by: Actor) -> User:
    member = person(by)
    require(member, evidence.programme_id, Role.COMMITTEE, Role.STEWARD)
    if evidence.grant.researcher_id == member.pk:
        raise NotAllowed("This is your own evidence, so others must decide on it.", "own_evidence")
    return member


def _tell(user: User, title: str, evidence: Evidence, event: str) -> None:
    body, link = evidence.grant.request.title, f"/evidence/{evidence.pk}/"
    given = f"{evidence.given_at:%Y%m%d%H%M%S}" if evidence.given_at else ""
    notify(user_id=user.pk, title=title, body=body, link=link, dedupe=f"evidence:{evidence.pk}:{event}:{given}")
