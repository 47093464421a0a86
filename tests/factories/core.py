"""Programmes and users with roles."""

from itertools import count

from core.accounts import actions
from core.accounts.models import Membership, Programme, User
from core.accounts.roles import Role
from core.actors import SystemActor

SETUP = SystemActor("test")
PASSWORD = "correct horse battery"
_numbers = count(1)


def programme(slug: str) -> Programme:
    """An open programme called after its slug."""
    return actions.open_programme(
        slug=f"{slug}-{next(_numbers)}",
        name=f"The {slug} programme",
        contact_name="The registry's team",
        contact_email="team@donara.example",
        by=SETUP,
    )


def user(programme: Programme | None = None, *roles: Role, name: str = "") -> User:
    """Someone who can sign in with PASSWORD, with these roles in the programme."""
    number = next(_numbers)
    person = User.objects.create_user(
        email=f"person{number}@people.example", password=PASSWORD, display_name=name or f"Person {number}"
    )
    for role in roles:
        assert programme is not None
        Membership.objects.create(user=person, programme=programme, role=role, granted_by=SETUP.actor_id)
    return person
