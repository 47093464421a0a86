"""A donor's way in a browser: from the landing page to the signature, the gift, other choices, and out again."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from core.due.run import drain
from portal.story.cohort import CohortDonor, make_cohort, relatives_cd, studies
from tests.factories import core
from tests.factories.whole import World, signed
from tests.functional.visitor import Visitor

Visitors = Callable[..., Visitor]
PASSWORD = "a-long-walk-by-the-sea"
BOXES = "What may your scans be used for?"
PEOPLE = list(make_cohort(40))[20:]  # the world's own people are the first of them


def test_anyone_reads_before_signing_up(visitors: Visitors, world: World, width: int) -> None:
    visitor = visitors(width=width).go("/").picture("landing").press(world.programme.name).picture("programme")
    visitor.press("Start")
    pages = 0
    while "You need an account" not in visitor.text and "From here on you need an account" not in visitor.text:
        pages += 1
        visitor.picture("reading") if pages == 1 else None
        visitor.press("Go on", exact=True)
    assert pages >= 5
    visitor.press("Make an account").picture("sign-up")
    assert visitor.path == "/accounts/signup/"


def sign_up(visitor: Visitor, person: CohortDonor, programme: str) -> None:
    """Makes an account on the way to signing; lands on the page about oneself."""
    visitor.go(f"/accounts/signup/?next=/programmes/{programme}/about-you/")
    visitor.write("Email", person.email).write("Password", PASSWORD).write("Password (again)", PASSWORD)
    visitor.press("Make my account")


def consent(visitor: Visitor, person: CohortDonor) -> None:
    """About you, the choices, a look at everything, and the signature."""
    visitor.write("First name", person.given_name).write("Family name", person.family_name)
    visitor.write("Date of birth", f"{person.birth_date:%d %m %Y}").press("Go on")
    print(visitor.page.content())


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_signing(visitors: Visitors, world: World, scripts: bool) -> None:
    visitor = visitors(width=375 if scripts else 1280, scripts=scripts)
    person = PEOPLE[0 if scripts else 1]
    sign_up(visitor, person, world.programme.slug)
    consent(visitor, person)
