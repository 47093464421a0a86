"""Nothing on a donor's page is in English by itself: in an invented language no English is left, from either side."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real
from django.test import Client

from consent import actions
from consent.rules.form_content import default_content
from core.accounts.models import Programme
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in, text_of
from tests.integration.consent.pseudo import english, pseudo, spoken
from tests.integration.consent.test_pages_joining import CHOICES, DETAILS, at

pytestmark = pytest.mark.django_db
TEMPLATES = Path(real.BASE_DIR)


def foreign_content() -> dict[str, Any]:
    """The default form with every text of the steward's in other letters."""

    def turned(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: turned(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [turned(item, key) for item in value]
        is_code = key in ("code", "kind", "term", "diseases", "only_if", "language", "answer")
        return value if is_code or not isinstance(value, str) else pseudo(value)

    content = default_content()
    glossary = {pseudo(word): pseudo(meaning) for word, meaning in content["glossary"].items()}
    return turned(content) | {"glossary": glossary}


@pytest.fixture
def abroad(programme: Programme) -> Programme:
    """A programme whose steward writes in other letters."""
    Programme.objects.filter(pk=programme.pk).update(name="Πνευμονες", contact_name="Ελλη", contact_hours="9–16")
    programme.refresh_from_db()
    by = make.steward(programme)
    draft = actions.draft_form(programme=programme, slug="main", content=foreign_content(), by=by)
    actions.publish_form(version=draft, by=by)
    return programme


def before(programme: Programme) -> dict[str, str]:
    """What somebody sees who has no account yet."""
    client = Client()
    names = ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", at(programme))
    pages = {name: text_of(client.get(name)) for name in names}
    return pages | {"login, wrong": text_of(client.post("/accounts/login/", {"login": "α", "password": ""}))}


def walk(client: Client, programme: Programme) -> dict[str, str]:
    """Every page of the way, filled wrongly and rightly, by its name."""
    pages = {name: text_of(client.get(at(programme, name))) for name in ("", "form/", "read/privacy/", "questions/")}
    answers = {"care": "1", "stop": "1"}
    pages["questions, answered"] = text_of(client.post(at(programme, "questions/"), answers))
    pages["questions, nothing answered"] = text_of(client.post(at(programme, "questions/"), {}))
    pages["about you"] = text_of(client.get(at(programme, "about-you/")))
    wrong = [{}, *({"birth_date": day} for day in ("31 2 1980", "1 1 2999", "1 1 2020"))]
    wrong += [{"birth_date": "1 1 1950", "previous_names": "x\n" * 11}]
    wrong = [
        {"previous_names": "", **each, "given_name": "Αδα", "family_name": "Λαβ"} if each else each for each in wrong
    ]
    for number, said in enumerate(wrong):
        pages[f"about you, wrong {number}"] = text_of(client.post(at(programme, "about-you/"), said))
    right = {**DETAILS, "given_name": "Αδα", "family_name": "Λαβ", "previous_names": ""}
    assert client.post(at(programme, "about-you/"), right).status_code == 302
    pages["choices"] = text_of(client.get(at(programme, "choices/")))
    for number, said in enumerate([{"show": "y", **CHOICES}, {"may": "cancer_research"}, {**CHOICES, "may": []}]):
        pages[f"choices, {number}"] = text_of(client.post(at(programme, "choices/"), said))
    assert client.post(at(programme, "choices/"), CHOICES).status_code == 302
    pages["review"] = text_of(client.get(at(programme, "review/")))
    pages["sign"] = page = text_of(client.get(at(programme, "sign/")))
    shown = re.search(r'name="shown" value="([^"]+)"', page)[1]
    said = {"shown": shown, "typed_name": "Αδα Λαβ", "password": core.PASSWORD}
    for number, changed in enumerate([{}, {**said, "typed_name": "Ψ"}, {**said, "password": "-"}]):
        pages[f"sign, wrong {number}"] = text_of(client.post(at(programme, "sign/"), changed))
    done = client.post(at(programme, "sign/"), said)
    pages["receipt"] = text_of(client.get(done["Location"]))
    return pages


@pytest.mark.parametrize("right_to_left", [False, True], ids=["left-to-right", "right-to-left"])
def test_no_english_is_left_on_the_way_to_a_receipt(abroad: Programme, settings: Any, right_to_left: bool) -> None:
    user = core.user(name="Αδα")
    with spoken(settings, right_to_left=right_to_left):
        pages = before(abroad) | walk(signed_in(user), abroad)
    left = {name: found for name, page in pages.items() if (found := english(page))}
    assert left == {}
    for page in pages.values():
        assert ('<html lang="xx" dir="rtl">' in page) == right_to_left
        assert '<html lang="xx"' in page


def test_what_the_rules_say_is_known_to_whoever_translates() -> None:
    from consent.queries.spoken import SAID
    from consent.rules.grammar import Alternative, Modifier, Terms
    from consent.rules.terms import sentence

    terms = ["NPUNCU", "NTRAIN", "NWEIGHTS", "IRB", "PUB", "COL", "RTN", "NRI", "TS", "MOR", "GS", "US", "IS", "PS"]
    for term in terms:
        for permission in ("GRU", "HMB", "POA"):
            can, cannot = sentence(Terms((Alternative(permission, (), (Modifier(term),)),)))
            for phrase in can + cannot:
                bare = phrase.partition(" (on conditions: ")[0]
                assert bare in SAID or bare.startswith("work outside "), bare


def test_styles_know_no_left_and_right() -> None:
    """Distances and edges are named by the direction of reading, so that a page can be turned round."""
    sheets = [path for path in (TEMPLATES / "core/design/scss").rglob("*.scss") if "node_modules" not in path.parts]
    assert sheets
    sided = re.compile(
        r"(?:margin|padding|border)-(?:left|right)|(?:^|[\s;{])(?:left|right|float):|text-align: (?:left|right)"
    )
    four = re.compile(r"(?:margin|padding): ([^\s;]+) ([^\s;]+) ([^\s;]+) (?!\2;)[^\s;]+;")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sheets
        for line in path.read_text().splitlines()
        if sided.search(line.partition("//")[0]) or four.search(line)
    ]
    assert found == []


def test_the_built_sheet_knows_no_left_and_right_either() -> None:
    """The library's own rules are turned as the sheet is built."""
    built = (TEMPLATES / "core/design/static/design/donara.css").read_text()
    sided = r"(?:margin|padding|border)-(?:left|right)\b|[{;](?:left|right|float:left|float:right|text-align:left)\b"
    assert re.findall(sided, built) == []
