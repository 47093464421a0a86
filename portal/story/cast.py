"""Who appears in the story: the programme, its staff with a sign-in each, and the donors."""

import secrets
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.hashers import make_password

from core.accounts.actions import grant_role, open_programme
from core.accounts.models import Programme, User
from core.accounts.roles import ROLE_WORDS, Role
from core.actors import SystemActor
from portal.story.cohort import CohortDonor

TELLER = SystemActor("story")
#: Address, name and role of everybody but the donors.
STAFF = (
    ("steward@demo.example", "Sam Steward", Role.STEWARD),
    ("curator@demo.example", "Cora Curator", Role.CURATOR),
    ("curator2@demo.example", "Cyril Curator", Role.CURATOR),
    ("committee@demo.example", "Chris Committee", Role.COMMITTEE),
    ("committee2@demo.example", "Casey Committee", Role.COMMITTEE),
    ("reviewer@demo.example", "Robin Reviewer", Role.JOB_REVIEWER),
    ("reviewer2@demo.example", "Riley Reviewer", Role.JOB_REVIEWER),
    ("auditor@demo.example", "Alex Auditor", Role.AUDITOR),
    ("researcher@demo.example", "Ulla University", Role.RESEARCHER),
    ("company@demo.example", "Colin Company", Role.RESEARCHER),
)


@dataclass
class Member:
    """One donor of the story: the invented person, their account, and the donor that they became."""

    person: CohortDonor
    user: User
    donor_id: UUID


@dataclass
class Cast:
    """Everybody, and the one password of this telling."""

    programme: Programme
    password: str
    people: dict[str, User] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)

    def one(self, role: Role, place: int = 0) -> User:
        """The first (or another) holder of a role."""
        return self.people[[address for address, _, held in STAFF if held is role][place]]


def gather(name: str = "Lungs and more") -> Cast:
    """Opens the programme and its accounts; the first steward is named by the system, the others by that steward."""
    programme = open_programme(
        slug="lungs-and-more",
        name=name,
        contact_name="Donara's team",
        contact_email="team@demo.example",
        by=TELLER,
    )
    cast = Cast(programme, password=f"demo-{secrets.token_hex(4)}")
    # Hashed once for all of them: it is one password, and printed; hashing it nine times takes seconds.
    hashed = make_password(cast.password)
    for address, shown, role in STAFF:
        user = User.objects.create_user(address, display_name=shown)
        user.password = hashed
        user.save(update_fields=["password"])
        cast.people[address] = user
        grant_role(user=user, programme=programme, role=role, by=TELLER if role is Role.STEWARD else _steward(cast))
    return cast


def _steward(cast: Cast) -> User:
    return cast.one(Role.STEWARD)


def sign_ins(cast: Cast) -> list[tuple[str, str]]:
    """(role in words, address) for each kind of user, donors first."""
    lines = [("donor", cast.members[0].user.email)] if cast.members else []
    return [*lines, *((ROLE_WORDS[role], address) for address, _, role in STAFF)]
