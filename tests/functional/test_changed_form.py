"""A form changes: a steward publishes it; a donor reads what is new and keeps what they agreed to, without scripts."""

from collections.abc import Callable
from typing import Any

from consent import actions
from consent.rules.form_content import default_content
from core.accounts.models import Programme
from core.accounts.roles import Role
from tests.factories import consent as make
from tests.factories import core
from tests.functional.visitor import Visitor

Visitors = Callable[..., Visitor]


def with_a_choice_more() -> dict[str, Any]:
    """The default form, in which donors may allow research into ancestry too."""
    content = default_content()
    words = {"label": "Research into where people's ancestors came from", "help": "About where families came from."}
    content["choices"].insert(3, {"code": "ancestry", "kind": "permission", "term": "POA", **words})
    return content


def publish(visitor: Visitor, programme: Programme, width: int) -> None:
    """The steward is told that donors have to sign again, and says why."""
    by = core.user(programme, Role.STEWARD)
    draft = actions.draft_form(programme=programme, slug="main", content=with_a_choice_more(), by=by)
    visitor.sign_in(by)
    visitor.go(f"/staff/forms/{draft.pk}/").press("Publish", exact=True).picture("publish")
    assert "So donors have to sign again" in visitor.text
    visitor.choose("No, it is a small change").write("What changed", "You can now also allow research into ancestry.")
    visitor.press("Publish", exact=True)
    assert "because the choices are not the same" in visitor.text
    visitor.choose("Yes, they have to sign again").press("Publish", exact=True)
    assert "Who has signed again" in visitor.text
    visitor.go("/staff/forms/").go(f"/staff/programmes/{programme.pk}/")
    visitor.go("/staff/identity-checks/")


def test_a_changed_form_is_published_read_and_signed(visitors: Visitors, width: int) -> None:
    programme = core.programme("changing")
    donor = make.donor(programme, commercial_use=False)
    publish(visitors(width=width), programme, width)
    visitor = visitors(user=donor.person.user, width=width, scripts=False)
    visitor.go("/home/").press("The form that you signed has changed").picture("renew")
    assert "You can now also allow research into ancestry." in visitor.text
    visitor.press("Keep only this")
    assert "Nothing is taken away" in visitor.text
    visitor.write("Type your first name and family name", f"Ada {donor.person.family_name}")
    visitor.write("Your password", core.PASSWORD).press("Sign the new form")
    assert "go on giving" in visitor.text
    visitor.go("/my-choices/")
    assert "You signed the changed form" in visitor.text
    assert "The form changed" not in visitor.text


def test_a_donor_whose_check_is_not_enough_is_told_what_to_do(visitors: Visitors, width: int) -> None:
    programme = core.programme("checking")
    donor = make.donor(programme)
    actions.set_programme(programme=programme, by=make.steward(programme), minimum_check="site_in_person")
    visitor = visitors(user=donor.person.user, width=width).go("/my-choices/")
    assert "We have to know better who you are" in visitor.text
    assert "passport or identity card" in visitor.text
