"""The way from a programme's start page to a receipt, by plain forms and links, without JavaScript."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from consent.models import Donor, Signature
from consent.queries import published_form
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.canonical import digest_of
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in, text_of

pytestmark = pytest.mark.django_db
DETAILS = {"given_name": "Ada", "family_name": "Lovelace", "birth_date": "10 12 1950", "previous_names": "Byron\n"}
CHOICES = {
    "may": ["health_research", "cancer_research"],
    "choice_commercial_use": "no",
    "choice_train_models": "yes",
    "choice_share_weights": "no",
}


def at(programme: Programme, page: str = "") -> str:
    return f"/programmes/{programme.slug}/{page}"


def fill(client: Client, programme: Programme, **choices: object) -> None:
    """Everything before the signature."""
    assert client.post(at(programme, "about-you/"), DETAILS).status_code == 302
    assert client.post(at(programme, "choices/"), {**CHOICES, **choices}).status_code == 302


def sign(client: Client, programme: Programme, **changes: str):
    page = text_of(client.get(at(programme, "sign/")))
    shown = re.search(r'name="shown" value="([^"]+)"', page)[1]
    said = {"shown": shown, "typed_name": "ada lovelace", "password": core.PASSWORD}
    return client.post(at(programme, "sign/"), {**said, **changes})


def test_the_whole_way_from_the_start_page_to_the_receipt(programme: Programme) -> None:
    make.form(programme)
    client = Client()
    page = text_of(client.get(at(programme)))
    assert "In one minute" in page or "in one minute" in page
    assert programme.contact_email in page
    seen = []
    address = re.search(r'href="([^"]+/read/[^"]+)"', page)[1]
    while "/about-you/" not in address:
        seen.append(address)
        page = text_of(client.get(address))
        assert f"Step {len(seen)} of 11" in page
        address = re.search(r'href="([^"]+)"[^>]*>\s*(?:Go on|Make an account)', page)[1]
    assert len(seen) == 7
    assert address == f"/accounts/signup/?next={at(programme, 'about-you/')}"
    new = {"email": "ada@people.example", "password1": "a long pass phrase", "password2": "a long pass phrase"}
    arrived = client.post(address, {**new, "next": at(programme, "about-you/")})
    assert arrived["Location"] == at(programme, "about-you/")
    fill(client, programme)
    review = text_of(client.get(at(programme, "review/")))
    for words in ("Ada Lovelace", "10 December 1950", "Byron", "training computer models (AI)", "How we look after"):
        assert words in review
    done = sign(client, programme, password="a long pass phrase")
    signature = Signature.objects.get()
    assert done["Location"] == f"/receipts/{signature.pk}/"
    assert "You have signed" in text_of(client.get(done["Location"]))
    assert signature.choices["commercial_use"] is False
    assert "Lovelace" not in str(dict(client.session))


def test_answers_to_the_questions_explain_and_never_stop(programme: Programme) -> None:
    make.form(programme)
    page = text_of(Client().post(at(programme, "questions/"), {"care": "1", "stop": "1"}))
    assert "Not quite." in page
    assert "Yes, that is right." in page
    assert "Make an account" in page
    assert Client().post(at(programme, "questions/"), {"care": "no such answer"}).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"birth_date": "31 2 1980"}, "Enter your date of birth as day, month and year"),
        ({"birth_date": "1 1 2999"}, "It must be in the past"),
        ({"birth_date": "1 1 2020"}, "You must be 18 or older"),
        ({"family_name": ""}, "Fill in “Family name”"),
        ({"previous_names": "x\n" * 11}, "at most 10"),
    ],
)
def test_wrong_details_get_a_sentence_and_keep_what_was_typed(programme: Programme, wrong: dict, sentence: str) -> None:
    make.form(programme)
    page = text_of(signed_in(core.user()).post(at(programme, "about-you/"), {**DETAILS, **wrong}))
    assert sentence in page
    assert "Error: About you" in page
    assert 'value="Ada"' in page


def test_each_choice_is_off_until_it_is_chosen_and_the_sentence_follows(programme: Programme) -> None:
    make.form(programme)
    client = signed_in(core.user())
    page = text_of(client.get(at(programme, "choices/")))
    assert " checked" not in page
    assert "cannot be used for anything" in page
    page = text_of(client.post(at(programme, "choices/"), {"may": "cancer_research", "show": "yes"}))
    assert "research into cancer" in page
    assert "There is a problem" not in page
    page = text_of(client.post(at(programme, "choices/"), {"may": "cancer_research", "choice_train_models": "yes"}))
    assert page.count("Please answer yes or no") == 4  # two questions, each at the top and at its place
    assert re.search(r'value="cancer_research"[^>]* checked', page)
    page = text_of(client.post(at(programme, "choices/"), {**CHOICES, "may": []}))
    assert "choose at least one kind of research" in page
    page = text_of(client.post(at(programme, "choices/"), {**CHOICES, "may": ["world_domination"], "show": "1"}))
    assert "cannot be used for anything" in page


def test_what_is_missing_is_asked_for_first(programme: Programme) -> None:
    make.form(programme)
    client = signed_in(core.user())
    assert client.get(at(programme, "sign/"))["Location"] == at(programme, "about-you/")
    client.post(at(programme, "about-you/"), DETAILS)
    assert client.post(at(programme, "sign/"), {})["Location"] == at(programme, "choices/")
    assert 'value="10 12 1950"' in text_of(client.get(at(programme, "about-you/")))


def test_a_wrong_name_or_password_signs_nothing_and_keeps_the_rest(programme: Programme) -> None:
    make.form(programme)
    client = signed_in(core.user())
    fill(client, programme)
    page = text_of(sign(client, programme, password="not mine"))
    assert "This is not your password" in page
    assert 'value="ada lovelace"' in page
    assert "not mine" not in page
    assert "Type your first name" in text_of(sign(client, programme, typed_name="Someone Else"))
    assert not Donor.objects.exists()
    assert sign(client, programme).status_code == 302


def test_only_what_the_page_showed_is_signed(programme: Programme) -> None:
    make.form(programme)
    client = signed_in(core.user())
    fill(client, programme)
    left_open = re.search(r'name="shown" value="([^"]+)"', text_of(client.get(at(programme, "sign/"))))[1]
    fill(client, programme, choice_train_models="no")
    assert sign(client, programme, shown=left_open)["Location"] == at(programme, "review/")
    assert not Donor.objects.exists()
    publish_another(programme)
    assert client.get(at(programme, "sign/"))["Location"] == at(programme, "choices/")


def publish_another(programme: Programme) -> None:
    make.next_form(programme, {**published_form(programme.pk).content, "title": "A newer text"})


def test_signing_twice_shows_the_one_receipt(programme: Programme) -> None:
    make.form(programme)
    client = signed_in(core.user())
    fill(client, programme)
    sign(client, programme)
    again = client.post(at(programme, "sign/"), {"typed_name": "ada lovelace", "password": core.PASSWORD})
    assert again["Location"] == f"/receipts/{Signature.objects.get().pk}/"
    assert "You have signed" in text_of(client.get(at(programme)))


@pytest.mark.django_db(transaction=True)
def test_two_signatures_posted_at_once_make_one_donor(programme: Programme) -> None:
    make.form(programme)
    user = core.user(programme, Role.DONOR)  # the role is there already, so that nothing but the signing can decide
    clients = [signed_in(user), signed_in(user)]
    posts = []
    for client in clients:
        fill(client, programme)
        shown = re.search(r'name="shown" value="([^"]+)"', text_of(client.get(at(programme, "sign/"))))[1]
        posts.append({"shown": shown, "typed_name": "ada lovelace", "password": core.PASSWORD})
    both = Barrier(2)

    def post(client: Client, said: dict) -> int:
        try:
            both.wait()
            return client.post(at(programme, "sign/"), said).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(post, clients, posts))
    assert answers == [302, 302]
    assert Donor.objects.count() == Signature.objects.count() == 1
    for client in clients:
        assert client.get(at(programme, "review/"))["Location"] == f"/receipts/{Signature.objects.get().pk}/"


def test_a_receipts_hashes_can_be_worked_out_again(programme: Programme) -> None:
    donor = make.donor(programme, train_models=False)
    signature = donor.signatures.get()
    client = signed_in(donor.person.user)
    receipt = client.get(f"/receipts/{signature.pk}/?format=json").json()
    assert digest_of(receipt["form"]["content"]) == receipt["form"]["sha256"] == signature.text_sha256
    assert digest_of(receipt["choices"]["chosen"]) == receipt["choices"]["sha256"]
    assert receipt["terms"]["alternatives"]
    assert "Ada" not in str(receipt["terms"]) + str(receipt["choices"])
    page = text_of(client.get(f"/receipts/{signature.pk}/")).replace("<wbr>", "")
    assert signature.text_sha256 in page
    assert signature.choices_sha256 in page


def test_a_stranger_finds_no_receipt_and_someone_signed_out_is_asked_to_sign_in(programme: Programme) -> None:
    signature = make.donor(programme).signatures.get()
    stranger = signed_in(make.donor(programme).person.user)
    assert stranger.get(f"/receipts/{signature.pk}/").status_code == 404
    assert stranger.get(f"/receipts/{signature.pk}/?format=json").status_code == 404
    for page in (f"/receipts/{signature.pk}/", at(programme, "about-you/"), "/my-choices/", "/withdraw/"):
        assert Client().get(page)["Location"].startswith("/accounts/login/?next=")


def test_closed_unknown_and_formless_programmes(programme: Programme) -> None:
    client = Client()
    assert "cannot join at the moment" in text_of(client.get(at(programme)))
    assert client.get(at(programme, "form/")).status_code == 404
    make.form(programme)
    assert "How we look after your privacy" in text_of(client.get(at(programme, "form/")))
    assert client.get(at(programme, "read/nothing/")).status_code == 404
    Programme.objects.filter(pk=programme.pk).update(is_open=False)
    assert client.get(at(programme)).status_code == 404


def test_what_a_steward_writes_is_never_markup(programme: Programme) -> None:
    from consent import actions
    from consent.rules.form_content import default_content

    by, content, bad = make.steward(programme), default_content(), "<script>alert(1)</script>"
    content["key_information"][0] = content["sections"][0]["text"][0] = content["questions"][0]["text"] = bad
    content["glossary"]["scan"] = bad
    for choice in content["choices"]:
        choice["label"] = choice["help"] = bad
    draft = actions.draft_form(programme=programme, slug="main", content=content, by=by)
    client = signed_in(by)
    pages = [f"/staff/forms/{draft.pk}/", f"/staff/forms/{draft.pk}/edit/"]
    actions.publish_form(version=draft, by=by)
    pages += [at(programme, page) for page in ("", "form/", "read/what/", "questions/", "choices/")]
    for page in pages:
        assert bad not in text_of(client.get(page, follow=True)), page
