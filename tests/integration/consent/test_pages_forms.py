"""Stewards write, look at and publish forms on pages; what is wrong is said and what was typed stays."""

import json

import pytest
from django.test import Client

from consent import actions
from consent.models import FormVersion
from consent.queries import published_form
from consent.rules.form_content import default_content
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(programme: Programme) -> User:
    return make.steward(programme)


def filled(client: Client, address: str) -> dict[str, str]:
    """What a browser would send of the page's forms as they are."""
    context = client.get(address).context
    editor, sent = context["editor"], {}
    if "where" in context:
        sent["programme"] = str(context["where"]["programme"].value())
    for form in [editor.head, *editor.sections, *editor.choices, *editor.questions]:
        sent |= {form.add_prefix(name): form[name].value() for name in form.fields}
    for formset in (editor.sections, editor.choices, editor.questions):
        management = formset.management_form
        sent |= {management.add_prefix(name): management[name].value() for name in management.fields}
    return {name: "" if value is None else value for name, value in sent.items()}


def draft(client: Client) -> FormVersion:
    sent = filled(client, "/staff/forms/new/")
    client.post("/staff/forms/new/", sent)
    return FormVersion.objects.latest("id")


def test_saving_the_editor_untouched_gives_the_very_content(programme: Programme, steward: User) -> None:
    version = draft(signed_in(steward))
    assert version.content == default_content()
    assert (version.state, version.form.programme) == ("draft", programme)


def test_a_draft_is_edited_looked_at_published_and_then_fixed(programme: Programme, steward: User) -> None:
    client = signed_in(steward)
    version = draft(client)
    edit = f"/staff/forms/{version.pk}/edit/"
    sent = filled(client, edit)
    sent |= {"title": "A clearer title", "sections-6-heading": "One more thing", "sections-6-text": "First.\nSecond."}
    sent |= {
        "sections-0-heading": "",
        "sections-0-text": "",
        "choices-0-label": "Anything at all",
        "glossary": "MRI: a scan",
    }
    sent |= {"questions-0-text": ""}
    assert client.post(edit, sent)["Location"] == f"/staff/forms/{version.pk}/"
    version.refresh_from_db()
    content = version.content
    assert [part["code"] for part in content["sections"]][-1] == "one-more-thing"
    assert "what" not in [part["code"] for part in content["sections"]]
    assert content["choices"][0] == default_content()["choices"][0] | {"label": "Anything at all"}
    assert content["glossary"] == {"MRI": "a scan"}
    assert [question["code"] for question in content["questions"]] == ["stop", "known"]
    page = text_of(client.get(f"/staff/forms/{version.pk}/"))
    assert "Anything at all" in page
    assert "NPUNCU" in page
    publish = f"/staff/forms/{version.pk}/publish/"
    assert "can never be changed again" in text_of(client.get(publish))
    for _ in range(2):
        assert client.post(publish)["Location"] == f"/staff/forms/{version.pk}/"
    assert published_form(programme.pk) == version
    assert client.post(edit, sent)["Location"] == f"/staff/forms/{version.pk}/"
    assert "A clearer title" in text_of(Client().get(f"/programmes/{programme.slug}/"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Fill in “Title”"),
        ({"glossary": "a word without meaning"}, "a colon, and what the word means"),
        ({"sections-1-text": ""}, "Give this section a text."),
        ({"choices-1-help": ""}, "Fill in “Help”"),
        ({"questions-0-answer": "9"}, "There are fewer answers than that."),
        ({"questions-0-feedback": ""}, "A question needs this too."),
        ({"key_information": " \n "}, "Fill in “Key information”"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(steward: User, wrong: dict, sentence: str) -> None:
    client = signed_in(steward)
    sent = filled(client, "/staff/forms/new/") | {"sections-2-heading": "Typed with care"} | wrong
    page = text_of(client.post("/staff/forms/new/", sent))
    assert sentence in page
    assert "There is a problem" in page
    assert "Typed with care" in page
    assert not FormVersion.objects.exists()


def test_a_form_with_every_section_emptied_cannot_be_saved(steward: User) -> None:
    client = signed_in(steward)
    sent = filled(client, "/staff/forms/new/")
    sent = {
        name: "" if name.startswith("sections-") and name[-4:] in ("text", "ding") else value
        for name, value in sent.items()
    }
    assert "must not be empty" in text_of(client.post("/staff/forms/new/", sent))


def test_json_makes_a_draft_and_bad_json_gets_a_sentence(programme: Programme, steward: User) -> None:
    client = signed_in(steward)
    address = "/staff/forms/new/json/"
    assert "NTRAIN" in text_of(client.get(address))
    content = default_content()
    content["choices"] = content["choices"][:3]
    sent = {"programme": str(programme.pk), "text": json.dumps(content)}
    for text, sentence in [
        ("{ not json, typed", "This is not JSON"),
        ("[]", "There is a problem"),
        ('{"title": "x"}', "There is a problem"),
        ("[" * 100_000, "This is not JSON"),
        ('{"language": NaN}', "There is a problem"),
    ]:
        page = text_of(client.post(address, sent | {"text": text}))
        assert sentence in page
        assert not FormVersion.objects.exists()
    assert "{ not json, typed" in text_of(client.post(address, sent | {"text": "{ not json, typed"}))
    assert client.post(address, sent)["Location"].startswith("/staff/forms/")
    assert FormVersion.objects.get().content == content


@pytest.mark.parametrize(
    "change",
    [
        {"language": "a language that is far too long"},
        {"title": "nothing\x00"},
        {"glossary": {"\ud800": "half a letter"}},
        {"glossary": {" ": "no word"}},
        {"sections": [{"code": "a/b", "heading": "A", "text": ["B"]}]},
        {"sections": [{"code": "../x", "heading": "A", "text": ["B"]}]},
        {"questions": [{"code": "q", "text": "?", "options": ["a"], "answer": 1, "feedback": "f"}]},
    ],
)
def test_content_that_could_not_be_shown_or_kept_never_becomes_a_draft(
    programme: Programme, steward: User, change: dict
) -> None:
    sent = {"programme": str(programme.pk), "text": json.dumps(default_content() | change)}
    page = text_of(signed_in(steward).post("/staff/forms/new/json/", sent))
    assert "There is a problem" in page
    assert not FormVersion.objects.exists()


def test_only_the_programmes_stewards_write_and_its_auditors_read(
    programme: Programme, other_programme: Programme, steward: User
) -> None:
    version = actions.draft_form(programme=programme, slug="main", content=default_content(), by=steward)
    page = f"/staff/forms/{version.pk}/"
    auditor = signed_in(core.user(programme, Role.AUDITOR))
    assert auditor.get(page).status_code == auditor.get("/staff/forms/").status_code == 200
    assert "Publish" not in text_of(auditor.get(page)).replace("Published", "")
    for refused in (f"{page}edit/", f"{page}publish/", "/staff/forms/new/", "/staff/forms/new/json/"):
        assert auditor.get(refused).status_code == auditor.post(refused).status_code == 404
    elsewhere = signed_in(make.steward(other_programme))
    for theirs in (page, f"{page}edit/", f"{page}publish/", f"/staff/forms/new/?from={version.pk}"):
        assert elsewhere.get(theirs).status_code == 404
        assert elsewhere.post(theirs).status_code in (404, 405)
    assert signed_in(core.user(programme, Role.CURATOR)).get("/staff/forms/").status_code == 404
    assert Client().get("/staff/forms/")["Location"].startswith("/accounts/login/")
    sent = filled(elsewhere, "/staff/forms/new/") | {"programme": str(programme.pk)}
    assert elsewhere.post("/staff/forms/new/", sent).status_code == 200
    assert FormVersion.objects.count() == 1
    assert elsewhere.get("/staff/forms/new/?from=nonsense").status_code == 404
