"""Signing the agreement, and ending a grant."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from consent.queries import kept_said
from consent.rules.verdicts import Obligation
from core.accounts.permissions import require
from core.accounts.roles import Role
from core.actors import Actor
from core.canonical import sha256_hex
from core.due.queue import ask
from core.errors import Conflict, Invalid
from core.lifecycle import hold, move
from core.notifications.send import notify
from core.spoken import said
from core.texts import gettext_noop as _
from registry import tasks
from registry.actions.evidence import owe
from registry.models import Grant
from registry.permissions import require_researcher
from registry.queries import asked_in, obligations_of, purpose_said, use_in
from registry.rules.agreement import agreement_text
from registry.rules.lifecycle import GrantState, VersionState
from registry.work.telling import UNANSWERED, WITHDRAWAL_UNANSWERED

REASONS = {
    "agreement_broken": _("The agreement was broken"),
    "no_longer_needed": _("It is no longer needed"),
    "left_institution": _("The researcher has left the institution"),
    "safety": _("For the donors' safety"),
}
#: Why a grant ended, as its page says it: what people choose from, and what the registry does by itself.
REVOKED_WORDS = REASONS | {
    UNANSWERED: _("There was no answer in time what became of recalled images"),
    WITHDRAWAL_UNANSWERED: _("There was no answer in time what became of the images of a donor who has withdrawn"),
}
OTHER_TEXT = _("The text of the agreement is another one now. Please read it again before you sign.")
SHORTEST_NAME = 3


def agreement_of(grant: Grant) -> str:
    """The agreement's text: as it was signed, or as it would be signed now in the reader's language."""
    return grant.agreement_text or _text(grant, _asked_for(grant))


def _asked_for(grant: Grant) -> list[Obligation]:
    return obligations_of(grant.version, asked_in(grant))


def _text(grant: Grant, obligations: Sequence[Obligation]) -> str:
    facts = {
        "programme": grant.programme.name,
        "researcher": str(grant.researcher),
        "institution": grant.request.institution,
        "dataset": grant.version.dataset.title,
        "version": grant.version.number,
        "digest": grant.version.digest,
        # One that ends at midnight ends with the day before.
        "until": date_format(grant.expires_at - timedelta(seconds=1), "DATE_FORMAT"),
        "title": grant.request.title,
        "aim": grant.request.aim,
    }
    # By the built-in names only: what is signed must read the same after another list of diseases is loaded.
    decided = [(kept_said(each.sentence), each.covered) for each in grant.request.matters.all()]
    asked = [replace(each, sentence=kept_said(each.sentence), evidence=said(each.evidence)) for each in obligations]
    return agreement_text(facts, purpose_said(use_in(grant)), asked, decided, say=said)


def sign_agreement(*, grant: Grant, typed_name: str, by: Actor, shown: str | None = None) -> None:
    """The researcher signs the agreement's very text, and the grant is active. Signing twice changes nothing.

    `shown`: the SHA-256 of the text that they read. It is in their language; another language, or a condition that
    came since, makes another text. Raises Invalid for a name that is not theirs, Conflict when the version takes no
    new use, when the offer has run out, or (`shown`) when it would be another text than the one that they read.
    """
    user = require_researcher(by, grant)
    require(user, grant.programme_id, Role.RESEARCHER)
    if grant.state == GrantState.ACTIVE:
        return
    name = " ".join(typed_name.split())
    known = " ".join(user.display_name.split())
    if len(name) < SHORTEST_NAME or (known and name.casefold() != known.casefold()):
        sentence = _("Type your full name as it stands in the agreement.") if known else _("Type your full name.")
        raise Invalid(sentence, "name", {"typed_name": sentence})
    if grant.version.state != VersionState.FROZEN:
        raise Conflict("This version takes no new use. Ask for access to the newest one.", "version_closed")
    if grant.expires_at <= timezone.now():
        raise Conflict("This offer has run out. Ask for access again.", "expired")
    with transaction.atomic():
        hold(grant)
        if grant.state != GrantState.ACTIVE:
            obligations = _asked_for(grant)  # once: what is owed is what stands in the text
            text = _text(grant, obligations)
            if shown is not None and sha256_hex(text) != shown:
                raise Conflict(OTHER_TEXT, "shown")
            signed = {"agreement_text": text, "agreement_sha256": sha256_hex(text), "signed_name": name}
            move(grant, GrantState.ACTIVE, by=by, signed_at=timezone.now(), **signed)
            owe(grant, obligations)
            ask(tasks.NEWS, grant.pk)


def revoke_grant(*, grant: Grant, reason: str, by: Actor) -> None:
    """Ends a grant at once; a steward or a committee member may. `reason` is a code of REASONS."""
    require(by, grant.programme_id, Role.STEWARD, Role.COMMITTEE)
    if reason not in REASONS:
        raise Invalid("Choose why the access ends.", fields={"reason": _("Choose one of the reasons.")})
    with transaction.atomic():
        hold(grant)
        if grant.state == GrantState.REVOKED:
            return
        move(grant, GrantState.REVOKED, by=by, why=reason, revoked_reason=reason)
        notify(
            user_id=grant.researcher_id,
            title=_("An access of yours has ended"),
            link=f"/grants/{grant.pk}/",
            dedupe=f"grant:{grant.pk}:revoked",
        )
