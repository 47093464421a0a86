"""Deeds with accounts: give and end roles, make programmes, make and revoke API tokens."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.accounts.models import ApiToken, Membership, Programme, User
from core.accounts.permissions import require
from core.accounts.roles import STAFF, Role, Scope
from core.actors import Actor
from core.audit.record import record
from core.canonical import sha256_hex
from core.errors import Conflict, Invalid, NotAllowed
from core.texts import Filled
from core.texts import gettext_noop as _

TOKEN_DAYS_MOST = 365
#: What a programme does when donors leave -> the least and the most; see docs/explanation/withdrawal.md.
LEAVING = {"leavers_per_version": (1, 3_650), "version_wait_days": (0, 3_650), "identity_kept_days": (0, 3_650)}
#: For how many days it keeps files as they were sent -> the same; see docs/explanation/uploads.md.
RAW_DAYS = {"raw_days_after_acceptance": (0, 14), "raw_days_after_upload": (1, 90)}


def open_programme(
    *,
    slug: str,
    name: str,
    contact_name: str,
    contact_email: str,
    by: Actor,
    contact_phone: str = "",
    contact_hours: str = "",
) -> Programme:
    """Makes a programme; only the system may (`manage.py`), for everything else in it needs a steward first."""
    if not by.actor_id.startswith("system:"):
        raise NotAllowed("Programmes are made on the command line by those who run this registry.")
    with transaction.atomic():
        programme = Programme.objects.create(
            slug=slug,
            name=name,
            contact_name=contact_name,
            contact_email=contact_email,
            contact_phone=contact_phone,
            contact_hours=contact_hours,
        )
        record("programme.opened", programme, by=by)
    return programme


def grant_role(*, user: User, programme: Programme, role: Role, by: Actor) -> Membership:
    """Gives `user` a role in the programme; a steward of it may, for others. Raises Conflict when held."""
    require(by, programme.pk, Role.STEWARD)
    if by.actor_id == user.actor_id:
        raise NotAllowed("Nobody gives themselves a role. Ask another steward.", "own_role")
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=user, programme=programme, role=role, granted_by=by.actor_id)
            record("role.granted", membership, by=by, data={"role": role, "user": user.pk})
    except IntegrityError:
        raise Conflict("This person holds this role already.", "held") from None
    return membership


def end_role(*, membership: Membership, by: Actor) -> None:
    """Ends a role from now on; ending it twice changes nothing. A donor's own role ends by withdrawal only.

    A steward cannot end their own stewardship, so that no programme is left without one.
    """
    require(by, membership.programme_id, Role.STEWARD)
    if membership.role == Role.STEWARD and by.actor_id == f"user:{membership.user_id}":
        raise NotAllowed("Nobody ends their own role as a steward, so that one is always left. Ask another steward.")
    if Role(membership.role) not in STAFF | {Role.RESEARCHER}:
        raise NotAllowed("A donor leaves by withdrawing, which only the donor can do.")
    with transaction.atomic():
        if Membership.objects.filter(pk=membership.pk, until=None).update(until=timezone.now()):
            record("role.ended", membership, by=by, data={"role": membership.role, "user": membership.user_id})


def join_as_donor(*, user: User, programme: Programme, by: Actor) -> None:
    """Makes `user` a donor of an open programme, by their own act; joining twice changes nothing."""
    if by.actor_id != user.actor_id or not programme.is_open:
        raise NotAllowed("Only you can join, and only a programme that is open.")
    with transaction.atomic():
        membership, created = Membership.objects.get_or_create(
            user=user, programme=programme, role=Role.DONOR, until=None, defaults={"granted_by": by.actor_id}
        )
        if created:
            record("role.granted", membership, by=by, data={"role": Role.DONOR, "user": user.pk})


def make_token(
    *, user: User, name: str, scopes: list[str], days: int, by: Actor, bound_to: UUID | None = None
) -> tuple[ApiToken, str]:
    """Makes a token for `user`, who asks for it; returns its row and its text, which is kept nowhere.

    `bound_to` is the id of what it is good for: a token that is given to others can do one thing with one thing.
    """
    if by.actor_id != user.actor_id:
        raise NotAllowed("A token is made by the person that it acts for.")
    known = {scope.value for scope in Scope}
    if not scopes or not set(scopes) <= known:
        raise Invalid(
            Filled(_("Choose at least one of: {these}."), these=", ".join(sorted(known))),
            fields={"scopes": _("Choose what it may do.")},
        )
    if (Scope.STOW in scopes or bound_to is not None) and (set(scopes) != {Scope.STOW} or bound_to is None):
        raise Invalid("A token to send images with is made for one donation, and can do nothing else.", "bound")
    if not 1 <= days <= TOKEN_DAYS_MOST:
        raise Invalid(
            Filled(_("A token lasts from 1 to {most} days."), most=TOKEN_DAYS_MOST),
            fields={"days": _("Choose how long it lasts.")},
        )
    text = f"donara_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=user,
            name=name[:60],
            scopes=sorted(set(scopes)),
            bound_to=bound_to,
            digest=sha256_hex(text),
            expires_at=timezone.now() + timedelta(days=days),
        )
        record("token.made", token, by=by, data={"scopes": token.scopes, "days": days})
    return token, text


def revoke_token(*, token: ApiToken, by: Actor) -> None:
    """Ends a token at once; revoking twice changes nothing."""
    if by.actor_id != f"user:{token.user_id}":
        raise NotAllowed("Only the token's owner can revoke it.")
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
            record("token.revoked", token, by=by)


def set_leaving(*, programme: Programme, by: Actor, **settings: int) -> None:
    """Sets what a programme does when donors leave (columns of Programme), from now on; its stewards may.

    Raises Invalid with a sentence per field.
    """
    _set(programme, settings, LEAVING, "programme.leaving_set", by)


def set_raw_days(*, programme: Programme, by: Actor, **settings: int) -> None:
    """Sets for how many days a programme keeps files as they were sent, from now on; its stewards may.

    Raises Invalid with a sentence per field.
    """
    _set(programme, settings, RAW_DAYS, "programme.raw_days_set", by)


def _set(
    programme: Programme, settings: dict[str, int], known: dict[str, tuple[int, int]], verb: str, by: Actor
) -> None:
    require(by, programme.pk, Role.STEWARD)
    if not set(settings) <= known.keys():
        raise Invalid("A programme has no such setting.")
    wrong = {name: known[name] for name, number in settings.items() if not known[name][0] <= number <= known[name][1]}
    if wrong:
        sentence = _("Give a whole number from {least} to {most}.")
        fields: dict[str, str] = {
            name: Filled(sentence, least=least, most=most) for name, (least, most) in wrong.items()
        }
        raise Invalid(next(iter(fields.values())), fields=fields)
    with transaction.atomic():
        Programme.objects.filter(pk=programme.pk).update(**settings)
        record(verb, programme, by=by, data=settings)
    programme.refresh_from_db()
