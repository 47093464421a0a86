"""What clumsy and hostile people did by hand at doors that all apps share: addresses, bodies, tokens, the log."""

import base64
import json
import logging
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.test import Client

from config.logging import tell_where
from core.accounts.actions import end_role, make_token
from core.accounts.models import Membership, Programme
from core.accounts.roles import Role, Scope
from core.errors import NotAllowed
from core.ids import new_id
from tests.factories import core

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


@pytest.fixture
def headers(programme: Programme) -> dict[str, str]:
    """What a program sends that acts for a researcher."""
    user = core.user(programme, Role.RESEARCHER)
    _, text = make_token(user=user, name="lab", scopes=[Scope.DONATIONS], days=1, by=user)
    return {"Authorization": f"Bearer {text}"}


def test_who_signs_in_again_after_a_form_finds_a_page_and_not_a_blank(client: Client, programme: Programme) -> None:
    client.force_login(core.user(programme, Role.DONOR))
    answer = client.get(f"/donations/{new_id()}/send/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "send the form once more" in answer.content.decode()


def test_a_wrong_host_is_refused_with_a_page(client: Client) -> None:
    answer = client.get("/help/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "We could not understand that" in answer.content.decode()


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, "{", '{"programme": NaN}', "[]", "null", '"x"', ""])
def test_json_that_cannot_be_read_is_the_senders_mistake(client: Client, headers: dict[str, str], body: str) -> None:
    answer = client.post("/api/v1/donations/", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert answer.json()["title"]


@pytest.mark.parametrize("cursor", ["p=123", "p=%00", "o=-1&p=x", "r=1&p=é"])
def test_a_cursor_that_was_never_given(client: Client, headers: dict[str, str], cursor: str) -> None:
    sent = base64.b64encode(cursor.encode()).decode()
    answer = client.get("/api/v1/donations/", {"cursor": sent}, headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


@pytest.mark.parametrize(
    ("method", "path", "with_token", "status"),
    [
        ("get", "donations/", False, 401),
        ("get", "requests/", True, 403),
        ("put", "donations/", True, 405),
        ("get", "nowhere/", True, 404),
        ("get", "donations/not-an-id/", True, 404),
    ],
)
def test_the_api_answers_every_refusal_in_one_shape(
    client: Client, headers: dict[str, str], method: str, path: str, with_token: bool, status: int
) -> None:
    answer = getattr(client, method)(f"/api/v1/{path}", headers=headers if with_token else {})
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    assert {"title", "status", "code"} <= answer.json().keys()


def test_the_log_says_where_something_broke_and_quotes_nothing() -> None:
    try:
        raise ValueError("Key (email)=(edith@example.org) already exists")
    except ValueError as error:
        told: dict[str, Any] = tell_where(
            None, "", {"event": "broken", "exc_info": (type(error), error, error.__traceback__)}
        )
    assert told["exception"] == "builtins.ValueError"
    assert told["at"][-1].endswith("test_the_log_says_where_something_broke_and_quotes_nothing")
    assert "edith" not in json.dumps(told)


def test_a_refused_address_is_not_written_to_the_log() -> None:
    assert settings.LOGGING["loggers"]["django.security"] == {"handlers": [], "level": "CRITICAL", "propagate": False}
    assert not logging.getLogger("django.security.DisallowedHost").isEnabledFor(logging.ERROR)


def test_what_a_form_cannot_take_is_said_in_plain_words() -> None:
    class Form(forms.Form):
        name = forms.CharField(max_length=3)
        number = forms.IntegerField(min_value=2, max_value=4)
        kind = forms.ChoiceField(choices=[("a", "A")])

    form = Form({"name": "a\0bcde", "number": "9", "kind": "\u202ezzz"})
    said = " ".join(problem for field in form for problem in field.problems)  # type: ignore[attr-defined]  # our class
    assert "Write at most 3 characters; this has 6." in said
    assert "Enter 4 or less." in said
    assert "zzz" not in said


def test_no_programme_is_left_without_a_steward(programme: Programme) -> None:
    one, other = core.user(programme, Role.STEWARD), core.user(programme, Role.STEWARD)
    own = Membership.objects.get(user=one, programme=programme)
    with pytest.raises(NotAllowed, match="Ask another steward"):
        end_role(membership=own, by=one)
    end_role(membership=own, by=other)
