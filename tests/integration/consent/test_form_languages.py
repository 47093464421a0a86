"""A form in several languages: what is shown is what is signed, with the digest of that very text and its language."""

import re
from typing import Any

import pytest
from django.test import Client

from consent import actions
from consent.models import Signature
from consent.rules.form_content import (
    FormError,
    content_digest,
    default_content,
    in_language,
    languages_of,
    parse_content,
)
from core.accounts.models import Programme
from core.canonical import digest_of
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in, text_of
from tests.integration.consent.pseudo import pseudo
from tests.integration.consent.test_pages_joining import at, fill

pytestmark = pytest.mark.django_db


def translated(content: dict[str, Any]) -> dict[str, Any]:
    """All texts of a form in other letters, as a translation of it."""

    def parts(key: str, *words: str) -> dict[str, Any]:
        return {part["code"]: {word: turned(part[word]) for word in words} for part in content[key]}

    def turned(value: Any) -> Any:
        return [pseudo(each) for each in value] if isinstance(value, list) else pseudo(value)

    return {
        "title": turned(content["title"]),
        "key_information": turned(content["key_information"]),
        "glossary": {pseudo(word): pseudo(meaning) for word, meaning in content["glossary"].items()},
        "sections": parts("sections", "heading", "text"),
        "choices": parts("choices", "label", "help"),
        "questions": parts("questions", "text", "options", "feedback"),
    }


def bilingual() -> dict[str, Any]:
    content = default_content()
    return content | {"translations": {"el": translated(content)}}


@pytest.fixture
def offered(programme: Programme) -> Programme:
    by = make.steward(programme)
    draft = actions.draft_form(programme=programme, slug="main", content=bilingual(), by=by)
    actions.publish_form(version=draft, by=by)
    return programme


def sign(client: Client, programme: Programme) -> Signature:
    page = text_of(client.get(at(programme, "sign/")))
    shown = re.search(r'name="shown" value="([^"]+)"', page)[1]
    said = {"shown": shown, "typed_name": "Ada Lovelace", "password": core.PASSWORD}
    client.post(at(programme, "sign/"), said)
    return Signature.objects.latest("id")


def test_a_form_of_one_language_reads_and_is_signed_as_before(programme: Programme) -> None:
    content = default_content()
    assert languages_of(content) == ("en",)
    assert in_language(content, "el") == content
    signature = make.donor(programme).signatures.get()
    assert signature.text_sha256 == content_digest(content)


def test_what_is_shown_is_what_is_signed_and_what_the_receipt_proves(offered: Programme) -> None:
    client = signed_in(core.user())
    start = text_of(client.get(at(offered)))
    assert "?language=el" in start
    assert pseudo("Giving your scans to research") in text_of(client.get(at(offered) + "?language=el"))
    assert pseudo("How we look after your privacy") in text_of(client.get(at(offered, "read/privacy/")))
    fill(client, offered)
    signature = sign(client, offered)
    assert signature.language == "el"
    greek = in_language(signature.form_version.content, "el")
    assert signature.text_sha256 == digest_of(greek)
    receipt = client.get(f"/receipts/{signature.pk}/?format=json").json()
    assert receipt["form"]["content"] == greek
    assert digest_of(receipt["form"]["content"]) == receipt["form"]["sha256"]
    assert pseudo("What you give") in text_of(client.get(f"/receipts/{signature.pk}/"))
    other = signed_in(core.user())
    fill(other, offered)
    second = sign(other, offered)
    assert second.language == "en"
    assert second.text_sha256 != signature.text_sha256
    assert second.choices_sha256 == signature.choices_sha256


def test_a_page_left_open_in_one_language_signs_nothing_in_another(offered: Programme) -> None:
    client = signed_in(core.user())
    fill(client, offered)
    page = text_of(client.get(at(offered, "sign/")))
    shown = re.search(r'name="shown" value="([^"]+)"', page)[1]
    client.get(at(offered) + "?language=el")
    said = {"shown": shown, "typed_name": "Ada Lovelace", "password": core.PASSWORD}
    assert client.post(at(offered, "sign/"), said)["Location"] == at(offered, "review/")
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    "harm",
    [
        lambda texts: texts.pop("title"),
        lambda texts: texts["choices"].pop("train_models"),
        lambda texts: texts["sections"]["what"].pop("text"),
        lambda texts: texts["choices"]["train_models"].update(term="GRU"),
        lambda texts: texts["questions"]["care"].update(options=["one", "two"]),
        lambda texts: texts.update(choices=[]),
        lambda texts: texts.update(language="fr"),
    ],
)
def test_a_translation_that_lacks_something_or_says_more_is_never_published(harm: Any) -> None:
    content = bilingual()
    harm(content["translations"]["el"])
    with pytest.raises(FormError):
        parse_content(content)


def test_a_translation_of_the_language_itself_is_refused() -> None:
    content = default_content()
    with pytest.raises(FormError):
        parse_content(content | {"translations": {"en": translated(content)}})
    with pytest.raises(FormError):
        parse_content(content | {"translations": ["el"]})
