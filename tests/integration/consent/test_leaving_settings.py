"""A steward sets what their programme does when donors leave; it is on record, and nobody else may."""

import pytest

from consent.queries.effects import kept_words
from core.accounts.actions import set_leaving
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.audit.models import Event
from core.canonical import loads
from core.errors import Invalid, NotAllowed
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in, text_of

pytestmark = pytest.mark.django_db
SAID = {"leavers_per_version": "3", "version_wait_days": "20", "identity_kept_days": "0"}


def address(programme: Programme) -> str:
    return f"/staff/programmes/{programme.pk}/leaving/"


def test_what_is_changed_holds_and_is_on_record(programme: Programme) -> None:
    steward, donor = make.steward(programme), make.donor(programme)
    client = signed_in(steward)
    assert address(programme) in text_of(client.get(f"/staff/programmes/{programme.pk}/"))
    page = text_of(client.get(address(programme)))
    assert 'value="365"' in page
    assert "365 days" in kept_words(donor.pk)
    assert "This holds from now on." in text_of(client.post(address(programme), SAID, follow=True))
    programme.refresh_from_db()
    assert (programme.leavers_per_version, programme.version_wait_days, programme.identity_kept_days) == (3, 20, 0)
    assert "deleted at once" in kept_words(donor.pk)
    event = Event.objects.get(verb="programme.leaving_set")
    assert event.actor == steward.actor_id
    assert loads(event.data) == {"leavers_per_version": 3, "version_wait_days": 20, "identity_kept_days": 0}
    client.post(address(programme), SAID)
    client.post(address(programme), {**SAID, "version_wait_days": "21"})
    assert [loads(each.data) for each in Event.objects.filter(verb="programme.leaving_set").order_by("id")][1:] == [
        {"version_wait_days": 21}
    ], "only what changed is noted"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("leavers_per_version", "0", "Enter 1 or more."),
        ("version_wait_days", "-1", "Enter 0 or more."),
        ("identity_kept_days", "99999", "Enter 3650 or less."),
        ("identity_kept_days", "x", "Enter a whole number."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(programme: Programme, name: str, value: str, sentence: str) -> None:
    page = text_of(signed_in(make.steward(programme)).post(address(programme), {**SAID, name: value}))
    assert sentence in page
    assert f'href="#id_{name}"' in page
    assert not Event.objects.filter(verb="programme.leaving_set").exists()


def test_nobody_else_may(programme: Programme, other_programme: Programme) -> None:
    for user in (core.user(programme, Role.AUDITOR), make.steward(other_programme), make.donor(programme).person.user):
        assert signed_in(user).post(address(programme), SAID).status_code == 404
        with pytest.raises(NotAllowed):
            set_leaving(programme=programme, by=user, leavers_per_version=2)
    with pytest.raises(Invalid, match="no such setting"):
        set_leaving(programme=programme, by=make.steward(programme), is_open=0)
    with pytest.raises(Invalid) as refusal:
        set_leaving(programme=programme, by=make.steward(programme), leavers_per_version=0)
    assert set(refusal.value.fields) == {"leavers_per_version"}
