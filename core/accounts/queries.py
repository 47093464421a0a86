"""Who may see what of accounts: the roles someone holds now, and the programmes that follow from them."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.accounts.models import ApiToken, Membership, Programme, User
from core.accounts.roles import Role
from core.errors import Missing

Reader = User | AnonymousUser
NOBODY = UUID(int=0)


def key_of(user: Reader) -> UUID:
    """The user's key, or one that nobody has for someone who is not signed in."""
    return user.pk or NOBODY


def memberships(user: Reader) -> QuerySet[Membership]:
    """The roles that `user` holds now."""
    if not isinstance(user, User) or not user.is_active:
        return Membership.objects.none()
    now = timezone.now()
    return Membership.objects.filter(Q(until=None) | Q(until__gt=now), user=user, since__lte=now)


def programmes(user: Reader, *roles: Role) -> QuerySet[Programme]:
    """The programmes in which `user` holds one of `roles` now."""
    held = memberships(user).filter(role__in=[r.value for r in roles])
    return Programme.objects.filter(pk__in=held.values("programme_id"))


def holds(user: Reader, programme_id: UUID, *roles: Role) -> bool:
    """Whether `user` holds one of `roles` in the programme now."""
    return memberships(user).filter(programme_id=programme_id, role__in=[r.value for r in roles]).exists()


def roles_of(user: Reader) -> frozenset[Role]:
    """Every role that `user` holds now, in any programme."""
    return frozenset(Role(value) for value in memberships(user).values_list("role", flat=True))


def open_programmes() -> QuerySet[Programme]:
    """Programmes that anyone may read about and join."""
    return Programme.objects.filter(is_open=True)


def members(programme_id: UUID, role: Role) -> QuerySet[User]:
    """Those who hold `role` in the programme now."""
    now = timezone.now()
    held = Membership.objects.filter(
        Q(until=None) | Q(until__gt=now), programme_id=programme_id, role=role, since__lte=now
    )
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True)


def tokens(user: Reader) -> QuerySet[ApiToken]:
    """The user's own tokens, newest first."""
    return ApiToken.objects.filter(user_id=key_of(user)).order_by("-id")


def staff_memberships(reader: Reader) -> QuerySet[Membership]:
    """The current roles in the programmes that `reader` stewards."""
    now = timezone.now()
    return (
        Membership.objects.filter(Q(until=None) | Q(until__gt=now), programme__in=programmes(reader, Role.STEWARD))
        .exclude(role=Role.DONOR)
        .select_related("user", "programme")
        .order_by("role", "user__email")
    )


def user_for(actor_id: str) -> User:
    """The user that an `actor_id` names; raises Missing for the system's own actors."""
    kind, _, key = actor_id.partition(":")
    user = User.objects.filter(pk=key).first() if kind == "user" else None
    if user is None:
        raise Missing("There is no such person here any more.")
    return user
