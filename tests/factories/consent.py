"""Forms, donors and their choices, through consent's own actions."""

from datetime import date
from itertools import count
from typing import Any

from consent import actions
from consent.actions.signing import terms_row
from consent.models import CurrentConsent, Donor, FormVersion
from consent.queries import donor_of, published_form
from consent.rules.form_content import default_content
from consent.rules.grammar import parse
from consent.rules.renewal import Change
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from tests.factories import core

ALL = {
    "general_research": True,
    "health_research": True,
    "cancer_research": True,
    "commercial_use": True,
    "train_models": True,
    "share_weights": True,
}
_numbers = count(1)


def steward(programme: Programme) -> User:
    """A steward of the programme."""
    return core.user(programme, Role.STEWARD, name="Sam Steward")


def form(programme: Programme) -> FormVersion:
    """The programme's published form; the default one is published if there is none."""
    known = published_form(programme.pk)
    if known is not None:
        return known
    by = steward(programme)
    draft = actions.draft_form(programme=programme, slug="main", content=default_content(), by=by)
    return actions.publish_form(version=draft, by=by)


def next_form(
    programme: Programme,
    content: dict[str, Any] | None = None,
    *,
    change: Change = Change.MINOR,
    days: int | None = None,
) -> FormVersion:
    """Another version, published in place of the programme's form; the same text if no other is given."""
    by, text = steward(programme), content or form(programme).content
    draft = actions.draft_form(programme=programme, slug="main", content=text, by=by)
    summary = "We say more clearly who may use your scans."
    return actions.publish_form(version=draft, change=change, summary=summary, days=days, by=by)


def choices(**answers: bool | None) -> dict[str, bool | None]:
    """Everything allowed, but for what `answers` says."""
    return {**ALL, **answers}


def donor(programme: Programme, *, user: User | None = None, **answers: Any) -> Donor:
    """Someone who has signed with these choices. Their account is `donor.person.user`."""
    number = next(_numbers)
    who = user or core.user(name=f"Donor {number}")
    given, family = "Ada", f"Lovelace{number}"
    actions.sign(
        user=who,
        version=form(programme),
        choices=choices(**answers),
        typed_name=f"{given} {family}",
        given_name=given,
        family_name=family,
        birth_date=date(1950, 1, 1 + number % 28),
        by=who,
    )
    found = donor_of(who, programme.pk)
    assert found is not None
    return found


def says(donor: Donor, *alternatives: dict[str, Any]) -> None:
    """From now on the donor's consent says this, whatever the form offers."""
    terms = terms_row(parse({"alternatives": list(alternatives)}))
    CurrentConsent.objects.filter(donor=donor).update(terms=terms)
