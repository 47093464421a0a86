"""The frame of every page, the pages for errors, and the account's pages."""

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import get_template
from django.utils.safestring import SafeString

from core.errors import Conflict, Missing
from core.web.errors import page_of
from tests.design.page import Page, faults


class Someone:
    """A signed-in person, as far as a template looks."""

    is_authenticated = True


def draw(name: str, **values: object) -> str:
    return get_template(name).render(values)


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "413", "429", "500"])
def test_an_error_page_needs_nothing_and_says_what_to_do(status: str) -> None:
    markup = get_template(f"{status}.html").render()
    page = Page(markup)
    assert faults(markup) == []
    assert len(page.all("h1")) == 1
    assert "/" in [attrs["href"] for attrs in page.all("a")]
    assert len(page.text) > 150


@pytest.mark.parametrize("status", [404, 413, 429])
def test_an_error_page_says_the_sentence_it_is_given(status: int) -> None:
    assert (
        "Your grant ended on 3 May." in Page(draw(page_of(status), refusal=Missing("Your grant ended on 3 May."))).text
    )


def test_a_refusal_is_shown_as_its_sentence() -> None:
    markup = draw("refused.html", refusal=Conflict("Somebody <else> decided first."))
    assert "Somebody &lt;else&gt; decided first." in markup
    assert faults(markup) == []


def test_the_menu_marks_where_one_is() -> None:
    links = [{"label": "Home", "href": "/"}, {"label": "My data", "href": "/my-data/", "current": True}]
    page = Page(draw("404.html", navigation=links))
    assert [attrs["href"] for attrs in page.all("a") if "aria-current" in attrs] == ["/my-data/"]


def test_signing_out_is_a_post_and_only_for_those_who_signed_in() -> None:
    signed_in = Page(draw("404.html", user=Someone(), account_label="Ada", csrf_token="t0ken"))
    assert [form["method"] for form in signed_in.all("form")] == ["post"]
    assert "Ada" in signed_in.text
    assert Page(draw("404.html")).all("form") == []


def test_messages_of_trouble_are_announced_at_once() -> None:
    messages = [
        Message(constants.SUCCESS, "Saved."),
        Message(constants.ERROR, "Two files <could> not be read."),
        Message(constants.INFO, "Come back tomorrow."),
    ]
    page = Page(draw("404.html", messages=messages))
    assert [role for role in page.values("role") if role in {"alert", "status"}] == ["status", "alert", "status"]
    assert page.all("could") == []


def test_a_form_with_errors_says_so_in_the_title() -> None:
    class One(forms.Form):
        name = forms.CharField()

    markup = draw("design/confirm.html", title="Go?", form=One(data={}), confirm_label="Yes", cancel_href="/")
    assert "<title>Error: Go? – Donara</title>" in markup
    assert faults(markup) == []


def test_a_confirmation_says_what_follows_and_lets_one_go_back() -> None:
    markup = draw(
        "design/confirm.html",
        title="Withdraw?",
        consequences=["Every copy is deleted."],
        confirm_label="Yes, withdraw",
        cancel_href="/my-data/",
        warning=True,
    )
    page = Page(markup)
    assert "Every copy is deleted." in page.text
    assert "/my-data/" in page.values("href")
    assert [form["method"] for form in page.all("form")] == ["post"]
    assert faults(markup) == []


@pytest.mark.parametrize(
    "name",
    [
        *("login", "logout", "signup", "signup_closed", "password_reset", "password_reset_done", "password_change"),
        *("password_reset_from_key", "password_reset_from_key_done", "verification_sent", "email_confirm"),
        *("account_inactive", "reauthenticate"),
    ],
)
def test_the_accounts_pages_are_ours(name: str) -> None:
    class Sign(forms.Form):
        email = forms.EmailField(label="E-mail")

    markup = draw(f"account/{name}.html", form=Sign(), signup_url="/s/", login_url="/l/", redirect_field=SafeString(""))
    page = Page(markup)
    assert faults(markup) == []
    assert len(page.all("h1")) == 1
    assert "d-header" in page.values("class")
