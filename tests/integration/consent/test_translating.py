"""A steward translates a form in fields, each beside its source, over days; it is published when it says everything."""

import pytest
from django.test import Client

from consent import actions
from consent.models import FormVersion
from consent.rules.form_content import FormError, default_content, in_language, parse_content
from consent.rules.translations import changed_texts, lacking, parse_draft
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.errors import Invalid
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in, text_of
from tests.integration.consent.pseudo import pseudo
from tests.integration.consent.test_form_languages import bilingual, translated
from tests.integration.consent.test_pages_forms import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(programme: Programme) -> User:
    return make.steward(programme)


@pytest.fixture
def draft(programme: Programme, steward: User) -> FormVersion:
    return actions.draft_form(programme=programme, slug="main", content=default_content(), by=steward)


def address(version: FormVersion, language: str = "") -> str:
    return f"/staff/forms/{version.pk}/translate/" + (f"?language={language}" if language else "")


def typed(client: Client, version: FormVersion) -> dict[str, str]:
    """Every field of the Greek page, filled from its source."""
    form = client.get(address(version, "el")).context["form"]
    return {row.field.name: pseudo("\n".join(row.source)) for row in form.rows()}


def test_each_text_has_its_source_beside_it_and_no_script_is_needed(draft: FormVersion, steward: User) -> None:
    client = signed_in(steward)
    page = text_of(client.get(address(draft)))
    assert "Ελληνικά (Greek)" in page
    page = text_of(client.get(address(draft, "el")))
    assert "Giving your scans to research" in page
    assert page.count('lang="el" dir="auto"') == len(lacking(draft.content, "el")) + 1  # and the glossary
    assert "<script" not in page.partition("<main")[2]


def test_what_is_translated_in_fields_is_what_the_json_would_be(draft: FormVersion, steward: User) -> None:
    client = signed_in(steward)
    answer = client.post(address(draft, "el"), typed(client, draft), follow=True)
    assert "It is complete." in text_of(answer)
    draft.refresh_from_db()
    assert draft.content == bilingual()
    again = client.get(address(draft, "el")).context["form"]
    assert {row.field.name: row.field.value() for row in again.rows()} == typed(client, draft)


def test_half_of_it_is_kept_and_is_not_published(draft: FormVersion, steward: User) -> None:
    client = signed_in(steward)
    page = text_of(client.post(address(draft, "el"), {"title": "Τιτλος"}, follow=True))
    assert "Not finished" in page
    draft.refresh_from_db()
    assert "Τιτλος" in text_of(client.get(address(draft, "el")))
    assert client.get(f"/staff/forms/{draft.pk}/").status_code == 200
    assert client.get(f"/staff/forms/{draft.pk}/edit/").status_code == 200
    publish = text_of(client.get(f"/staff/forms/{draft.pk}/publish/"))
    assert "Translations are not finished" in publish
    assert ">Publish</button>" not in publish
    with pytest.raises(Invalid):
        actions.publish_form(version=draft, by=steward)
    confirm = address(draft, "el") + "&remove=yes"
    assert "out of this draft?" in text_of(client.get(confirm))
    client.post(confirm)
    draft.refresh_from_db()
    assert draft.content == default_content()
    assert actions.publish_form(version=draft, by=steward).state == "published"
    assert client.get(address(draft))["Location"] == f"/staff/forms/{draft.pk}/"


def test_a_question_has_as_many_answers_in_every_language(draft: FormVersion, steward: User) -> None:
    client = signed_in(steward)
    page = text_of(client.post(address(draft, "el"), {"questions-care-options": "ενα", "glossary": "χωρις"}))
    assert "answers, one on each line, in the same order." in page
    assert "Write each line as a word, a colon" in page
    draft.refresh_from_db()
    assert "translations" not in draft.content


def test_editing_the_source_keeps_translations_and_says_which_may_not_fit(programme: Programme, steward: User) -> None:
    version = actions.draft_form(programme=programme, slug="main", content=bilingual(), by=steward)
    client, edit = signed_in(steward), f"/staff/forms/{version.pk}/edit/"
    sent = filled(client, edit)
    assert client.post(edit, sent)["Location"] == f"/staff/forms/{version.pk}/"
    version.refresh_from_db()
    assert version.content == bilingual(), "saving it untouched changes nothing"
    sent |= {"sections-0-heading": "", "sections-0-text": "", "choices-0-label": "Anything", "title": "Another"}
    sent |= {"sections-6-heading": "One more", "sections-6-text": "New."}
    page = text_of(client.post(edit, sent, follow=True))
    assert "Texts that have changed and are translated: 2." in page
    version.refresh_from_db()
    greek = version.content["translations"]["el"]
    assert "what" not in greek["sections"]
    assert greek["choices"]["general_research"]["label"] == pseudo("Any kind of research")
    assert lacking(version.content, "el") == [("sections", "one-more", "heading"), ("sections", "one-more", "text")]
    with pytest.raises(FormError):
        parse_content(version.content)


def test_only_stewards_of_the_programme_may(
    draft: FormVersion, programme: Programme, other_programme: Programme
) -> None:
    for user in (core.user(programme, Role.AUDITOR), make.steward(other_programme)):
        client = signed_in(user)
        assert client.get(address(draft, "el")).status_code == 404
        assert client.post(address(draft, "el"), {"title": "Τ"}).status_code == 404


@pytest.mark.parametrize(
    "texts",
    [
        [],
        {"title": ["a"]},
        {"title": " "},
        {"key_information": "a"},
        {"sections": []},
        {"sections": {"what": "a"}},
        {"sections": {"what": {"text": "a"}}},
        {"sections": {"unknown": {"heading": "a"}}},
        {"choices": {"train_models": {"term": "GRU"}}},
        {"glossary": {"word": ""}},
        {"language": "fr"},
    ],
)
def test_what_no_form_can_hold_no_draft_holds(texts: object) -> None:
    with pytest.raises(FormError):
        parse_draft(default_content() | {"translations": {"el": texts}})


def test_a_translation_that_is_not_there_yet_is_not_said_to_be_stale() -> None:
    before, after = bilingual(), bilingual() | {"title": "Another"}
    assert changed_texts(before, after) == [("title",)]
    assert changed_texts(before, after | {"translations": {}}) == []
    assert in_language(bilingual(), "el")["title"] == translated(default_content())["title"]


def test_a_draft_is_seen_in_each_language_as_far_as_it_is_written(
    draft: FormVersion, steward: User, programme: Programme, other_programme: Programme
) -> None:
    """What is not translated yet stands there in the form's own words, and is marked."""
    client = signed_in(steward)
    said = {"title": pseudo("Giving"), "choices-train_models-label": pseudo("Training")}
    client.post(address(draft, "el"), said)
    page = text_of(client.get(f"/staff/forms/{draft.pk}/?language=el"))
    assert all(text in page for text in said.values())
    draft.refresh_from_db()
    left = lacking(draft.content, "el")
    assert page.count("[Not translated yet: ") >= len(left)
    assert f"{len(left)} texts of this translation are still to be written" in page
    assert '<div lang="el" dir="auto">' in page
    for there in (address(draft), address(draft, "el")):
        assert f"/staff/forms/{draft.pk}/?language=el" in text_of(client.get(there))
    for own in ("", "?language=en", "?language=xx", "?language=%00"):
        assert "Not translated yet" not in text_of(client.get(f"/staff/forms/{draft.pk}/{own}"))
    client.post(address(draft, "el"), typed(client, draft))
    assert "Not translated yet" not in text_of(client.get(f"/staff/forms/{draft.pk}/?language=el"))
    auditor = signed_in(core.user(programme, Role.AUDITOR))
    assert "Go on translating" not in text_of(auditor.get(f"/staff/forms/{draft.pk}/?language=el"))
    stranger = signed_in(make.steward(other_programme))
    assert stranger.get(f"/staff/forms/{draft.pk}/?language=el").status_code == 404


def test_what_donors_read_is_never_a_preview(draft: FormVersion, steward: User, programme: Programme) -> None:
    signed_in(steward).post(address(draft, "el"), {"title": pseudo("Giving")})
    make.form(programme)
    page = text_of(Client().get(f"/programmes/{programme.slug}/form/?language=el"))
    assert "Not translated yet" not in page
    assert pseudo("Giving") not in page
