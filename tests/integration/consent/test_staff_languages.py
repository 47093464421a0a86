"""No page of a programme's stewards has English of its own: in an invented language none is left."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf.locale import LANG_INFO
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent import actions
from consent.models import Donor, FormVersion, MinimumCheck, Person, SealedIdentity, WithdrawalStep
from consent.queries import donor_of, waiting
from consent.queries.opening import openings_of
from consent.rules.renewal import Change
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in, text_of
from tests.integration.consent.pseudo import left, pseudo, spoken
from tests.integration.consent.test_past import day, lived
from tests.integration.consent.test_rules_spoken import CODES, content

pytestmark = pytest.mark.django_db
NOBODY = "00000000-0000-0000-0000-000000000000"
#: A form as JSON is for computers; languages have their own names.
AS_JSON = re.compile(r'<textarea name="text".*?</textarea>', re.DOTALL)
OWN_NAMES = re.compile(
    "|".join(f"{re.escape(each['name_local'])} \\(" for each in LANG_INFO.values() if "name" in each)
)


@pytest.fixture
def steward(programme: Programme) -> User:
    """A programme's steward whose letters are others, as are the programme's."""
    Programme.objects.filter(pk=programme.pk).update(name="Πνευμονες", contact_name="Ελλη", contact_hours="9–16")
    programme.refresh_from_db()
    return core.user(programme, Role.STEWARD, name="Στεφ")


@pytest.fixture
def published(programme: Programme, steward: User) -> FormVersion:
    version = actions.draft_form(programme=programme, slug="main", content=content(), by=steward)
    return actions.publish_form(version=version, by=steward)


def signed(programme: Programme) -> Donor:
    user = core.user(name="Αδα")
    said = {"typed_name": "Αδα Λαβ", "given_name": "Αδα", "family_name": "Λαβ", "birth_date": date(1950, 1, 1)}
    actions.sign(user=user, version=make.form(programme), choices=make.choices(), by=user, **said)
    found = donor_of(user, programme.pk)
    assert found is not None
    return found


def lines_for(user: User) -> str:
    """What waits for the user in consent, as the inbox shows it."""
    return "".join(f"<p>{line.title}</p>" for line in waiting(user))


def got(client: Client, *addresses: str) -> dict[str, str]:
    return {address: text_of(client.get(address, follow=True)) for address in addresses}


def posted(client: Client, address: str, *said: dict[str, Any]) -> dict[str, str]:
    """What an address says of each of these, by number."""
    pages = [client.post(address, each, follow=True) for each in said]
    assert all(page.status_code == 200 for page in pages)
    return {f"{address} {number}": text_of(page) for number, page in enumerate(pages)}


def filled(page: str, **changes: str) -> dict[str, str]:
    """The fields of a page's form as they stand on it."""
    fields = dict(re.findall(r'<input[^>]*name="([\w-]+)"[^>]*?value="([^"]*)"', page))
    fields |= {name: text.strip("\r\n") for name, text in re.findall(r'<textarea name="([\w-]+)"[^>]*>([^<]*)<', page)}
    return fields | changes


def test_no_form_yet(programme: Programme, steward: User, settings: Any) -> None:
    with spoken(settings):
        pages = got(
            signed_in(steward), "/staff/forms/", "/staff/withdrawals/", "/staff/identities/", "/staff/consents/"
        )
        pages["inbox"] = lines_for(steward)
    assert left(pages, AS_JSON, OWN_NAMES, CODES) == {}
    assert pages["inbox"]


def test_writing_a_form(programme: Programme, published: FormVersion, steward: User, settings: Any) -> None:
    new, as_json = reverse("consent:form_new"), reverse("consent:form_json")
    own = {"programme": str(programme.pk)}
    with spoken(settings):
        client = signed_in(steward)
        pages = got(client, "/staff/forms/", new, f"{new}?from={published.pk}", as_json)
        fields = filled(pages[new])
        broken = {**fields, "glossary": "ψ", "sections-0-text": "", "sections-1-heading": "", "questions-0-answer": "9"}
        broken |= {"title": "Ψ" * 201, "questions-1-options": "", "questions-1-answer": "0"}
        pages |= posted(client, new, {}, broken, {**fields, "choices-TOTAL_FORMS": "1"})
        pages |= posted(client, as_json, {}, *({**own, "text": text} for text in ("{", "[]", json.dumps(content()))))
    assert left(pages, AS_JSON, OWN_NAMES, CODES) == {}
    assert FormVersion.objects.filter(state="draft").count() == 1


def test_translating_and_publishing(programme: Programme, published: FormVersion, steward: User, settings: Any) -> None:
    fewer = content(choices=[{**each, "label": "Ψ"} for each in content()["choices"][:2]])
    version = actions.draft_form(programme=programme, slug="main", content=fewer, by=steward)
    one, edit, into, publish = (
        reverse(f"consent:{name}", args=[version.pk]) for name in ("form_version", "form_edit", "translate", "publish")
    )
    russian = f"{into}?language=ru"
    with spoken(settings):
        client = signed_in(steward)
        pages = got(client, one, edit, into, russian, publish)
        options = next(name for name in filled(pages[russian]) if name.endswith("-options"))
        pages |= posted(client, russian, {"glossary": "ψ", options: "ψ"}, {"title": "Ψ"})
        pages |= {f"{address}, begun": page for address, page in got(client, one, into, russian, publish).items()}
        pages |= got(client, f"{one}?language=ru", f"{russian}&remove=yes")
        pages |= posted(client, edit, filled(pages[edit], title="Ω"))
        pages |= posted(client, f"{russian}&remove=yes", {})
        said = [
            {},
            {"change": "minor", "summary": "ψ", "days": "1"},
            {"change": "material", "summary": "ψ", "days": "1"},
        ]
        pages |= posted(client, publish, *said, {**said[2], "summary": "ψ" * 3000, "days": "99999"})
        pages |= posted(client, publish, {"change": "material", "summary": "ψ" * 20, "days": "90"})
    assert left(pages, AS_JSON, OWN_NAMES, CODES) == {}
    version.refresh_from_db()
    assert version.state == "published"


@pytest.mark.parametrize("is_rtl", [False, True], ids=["left-to-right", "right-to-left"])
def test_a_form_that_donors_have_to_sign_again(
    programme: Programme,
    published: FormVersion,
    steward: User,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    is_rtl: bool,
) -> None:
    signed(programme)
    version = actions.draft_form(programme=programme, slug="main", content=content(title="Ω"), by=steward)
    actions.publish_form(version=version, change=Change.MATERIAL, summary="ψ" * 20, days=60, by=steward)
    retire = reverse("consent:retire", args=[version.pk])
    with spoken(settings, right_to_left=is_rtl):
        client = signed_in(steward)
        pages = got(client, "/staff/forms/", reverse("consent:form_version", args=[version.pk]), retire)
        with monkeypatch.context() as later:
            later.setattr(timezone, "now", lambda now=timezone.now(): now + timedelta(days=61))
            pages["overdue"] = text_of(client.get("/staff/forms/"))
        pages |= posted(client, retire, {})
    assert left(pages, AS_JSON, OWN_NAMES, CODES) == {}
    way = "rtl" if is_rtl else "ltr"
    assert f'<h2 lang="xx" dir="{way}">' in pages[reverse("consent:form_version", args=[version.pk])]


def test_settings_and_checks(programme: Programme, published: FormVersion, steward: User, settings: Any) -> None:
    donor = signed(programme)
    Programme.objects.filter(pk=programme.pk).update(minimum_check="site_in_person")
    own, leaving = (reverse(f"consent:{name}", args=[programme.pk]) for name in ("programme", "leaving"))
    receipt = str(donor.signatures.latest("id").pk)
    with spoken(settings):
        client = signed_in(steward)
        pages = got(client, own, leaving, "/staff/identity-checks/")
        right = {**filled(pages[own]), "minimum_check": "site_in_person"}
        pages |= posted(client, own, {}, {**right, "contact_email": "ψ"}, {**right, "renewal_days": "1"}, right)
        numbers = {"leavers_per_version": "0", "version_wait_days": "99999", "identity_kept_days": "ψ"}
        pages |= posted(client, leaving, {}, numbers, filled(pages[leaving]))
        checks = [{}, {"receipt": "ψ", "check": "ψ"}, {"receipt": NOBODY, "check": "site_in_person"}]
        pages |= posted(client, "/staff/identity-checks/", *checks, {"receipt": receipt, "check": "electronic_id"})
        mine = core.user(programme, Role.STEWARD, name="Ψ")
        Person.objects.filter(donor=donor).update(user=mine)
        pages |= posted(signed_in(mine), "/staff/identity-checks/", {"receipt": receipt, "check": "electronic_id"})
    assert left(pages, AS_JSON, OWN_NAMES, CODES) == {}


def test_what_a_consent_said(programme: Programme, steward: User, settings: Any) -> None:
    options: list[dict[str, Any]] = [
        {"permission": "GRU", "modifiers": [{"code": "IRB"}, {"code": "NTRAIN"}]},
        {"permission": "DS", "diseases": ["MONDO:0004992"], "modifiers": [{"code": "TS", "value": "2999-01-01"}]},
    ]
    donors = [lived(programme, ("signed", each, 0, 0), ("changed", each, 5, 20)) for each in options]
    over = lived(programme, ("signed", options[0], 0, 0), ("withdrawn", None, 5, 5))
    asked = {"donor": donors[0].pk, "day": "2026-01-16", "known": "then", "purposes": ["hmb", "methods"]}
    changes: list[dict[str, Any]] = [{}, {"purposes": []}, {"day": "2020-01-01"}, {"known": "now"}, {"donor": over.pk}]
    changes += [{"donor": donors[1].pk}, {"purposes": ["train_model", "clinical"], "org": "forprofit"}]
    changes += [{"diseases": "ψ"}, {"countries": "ψ"}, {"day": "ψ"}, {"donor": NOBODY}, {"at": "ψ", "known": "ψ"}]
    with spoken(settings):
        client = signed_in(steward)
        pages = {str(each): text_of(client.get("/staff/consents/", asked | each)) for each in changes}
        MinimumCheck.objects.create(
            programme=programme, identity="site_in_person", since=day(-1), decided_by=steward.actor_id
        )
        pages["rested"] = text_of(client.get("/staff/consents/", asked))
    assert left(pages, AS_JSON, OWN_NAMES, CODES) == {}
    assert pseudo("Yes, on conditions") in pages["{}"]


def test_withdrawals_and_locked_identities(
    programme: Programme, published: FormVersion, steward: User, settings: Any, drain: Callable[[], int]
) -> None:
    donor = signed(programme)
    withdrawal = actions.withdraw(donor=donor, kind="erase", by=donor.person.user)
    watched = f"/withdrawals/{withdrawal.pk}/"
    other = core.user(programme, Role.STEWARD, name="Ψ")
    with spoken(settings):
        client, opens = signed_in(steward), signed_in(other)
        pages = got(client, "/staff/withdrawals/", watched)
        drain()
        WithdrawalStep.objects.filter(withdrawal=withdrawal).update(deadline=timezone.now() - timedelta(days=1))
        pages |= {f"{name}, later": page for name, page in got(client, "/staff/withdrawals/", watched).items()}
        assert SealedIdentity.objects.filter(donor=donor).exists()
        right = {"donor": str(donor.pk), "reference": "2-1/2026", "password": core.PASSWORD}
        wrong = [{}, {**right, "donor": "ψ"}, {**right, "donor": NOBODY}, {**right, "reference": "ψ"}]
        ask = "/staff/identities/"
        pages |= posted(client, ask, *wrong, {**right, "password": "ψ"}, right)
        pages |= {"asked twice": text_of(client.post(ask, right))}
        (opening,) = openings_of(steward)
        one = reverse("consent:identity", args=[opening.pk])
        WithdrawalStep.objects.filter(withdrawal=withdrawal).update(state="failed", attempts=3)
        pages |= got(opens, one, ask) | {"inbox": lines_for(other)}
        pages |= posted(client, one, {"password": core.PASSWORD})
        pages |= {f"{name}, other": page for name, page in posted(opens, one, {"password": "ψ"}).items()}
        pages |= {"shown": text_of(opens.post(one, {"password": core.PASSWORD}))}
        pages |= {f"{name}, opened": page for name, page in got(opens, one, ask).items()}
        pages |= {"closed too late": text_of(opens.post(one, {"close": "yes"}, follow=True))}
        client.post(ask, right)
        again = reverse("consent:identity", args=[openings_of(steward).latest("id").pk])
        pages |= {"closed": text_of(opens.post(again, {"close": "yes"}, follow=True))}
    assert left(pages, AS_JSON, OWN_NAMES, CODES) == {}
    assert "Λαβ" in pages["shown"]
    assert pages["inbox"].count("<p>") > 2
