"""Opens who an erased donor was for a court: one steward asks with the order's number, another opens or refuses."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from consent.models import IdentityOpening
from consent.permissions import require_steward
from consent.queries.opening import sealed_of
from consent.rules.opening import REFERENCE_WORDS, is_reference
from consent.work.evidence import opened
from core.accounts.models import User
from core.accounts.queries import members
from core.accounts.roles import Role
from core.audit.record import record
from core.errors import Conflict, Invalid, NotAllowed
from core.notifications.send import notify
from core.texts import gettext_noop as _


def ask_identity(*, donor_id: UUID, reference: str, by: User) -> IdentityOpening:
    """Asks for the identity of an erased donor; every other steward of the programme is told.

    Raises Invalid for what is no order's number, Missing where nothing is kept, Conflict where it was asked already.
    """
    if not is_reference(reference):
        raise Invalid(REFERENCE_WORDS, "reference", {"reference": REFERENCE_WORDS})
    sealed = sealed_of(by, donor_id)
    programme_id = sealed.donor.programme_id
    require_steward(by, programme_id)
    try:
        with transaction.atomic():
            asked = IdentityOpening.objects.create(
                sealed=sealed, programme_id=programme_id, reference=reference, asked_by=by
            )
            _record("identity.opening_asked", asked, by)
            for other in members(programme_id, Role.STEWARD).exclude(pk=by.pk):
                notify(
                    user_id=other.pk,
                    title=_("A court asks who a donor was"),
                    body=_("Another steward has asked to open a locked identity. Check the order, then open it."),
                    link=f"/staff/identities/{asked.pk}/",
                    dedupe=f"opening:{asked.pk}:{other.pk}",
                )
    except IntegrityError:
        raise Conflict("This identity was asked for already, and waits for another steward.", "asked") from None
    return asked


def open_identity(*, opening: IdentityOpening, by: User) -> dict[str, Any]:
    """What was sealed, given to a steward who is not the one who asked, this once.

    Raises NotAllowed for who asked, Conflict where it was opened before or the key is destroyed.
    """
    require_steward(by, opening.programme_id)
    if opening.asked_by_id == by.pk:
        raise NotAllowed("You asked for it yourself: another steward has to look at the order and open it.", "same")
    donor = opening.sealed.donor
    with transaction.atomic():
        if not _waiting(opening).update(opened_by=by, opened_at=timezone.now()):
            raise Conflict("It is shown once only, or was closed. Ask anew if it is needed again.", "opened")
        _record("identity.opened", opening, by)
        found = opened(donor.pk)
        if found is None:
            raise Conflict("It is no longer kept: its time was over and the key is destroyed.", "destroyed")
    return found


def close_opening(*, opening: IdentityOpening, by: User) -> None:
    """Ends a request unopened, by any steward: the number was mistyped, or the order does not ask for this.

    Raises Conflict where it was opened or closed before.
    """
    require_steward(by, opening.programme_id)
    with transaction.atomic():
        if not _waiting(opening).update(closed_by=by, closed_at=timezone.now()):
            raise Conflict("It was opened or closed before.", "opened")
        _record("identity.opening_closed", opening, by)


def _waiting(opening: IdentityOpening) -> QuerySet[IdentityOpening]:
    return IdentityOpening.objects.filter(pk=opening.pk, opened_at=None, closed_at=None)


def _record(verb: str, opening: IdentityOpening, by: User) -> None:
    donor = opening.sealed.donor
    record(verb, donor, by=by, data={"donor": donor.pk, "opening": opening.pk, "reference": opening.reference})
