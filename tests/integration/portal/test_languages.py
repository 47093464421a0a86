"""No donor's page has English of its own: in an invented language none is left, whatever the donor has done."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from consent import actions
from consent.models import Donor, FormVersion, Withdrawal
from consent.queries import donor_of
from consent.rules.renewal import Change
from core.accounts.models import Membership, Programme
from core.accounts.roles import Role
from core.audit import alarms
from core.audit.models import LogAlarm, Witness
from core.due.models import DueWork
from core.due.run import drain
from core.notifications.send import notify
from registry import actions as registry
from registry.models import AccessRequest, Dataset, HolderNotice
from tests.factories import consent, core
from tests.factories import registry as make
from tests.integration.consent.pseudo import english, left, spoken
from tests.integration.consent.test_languages import foreign_content

pytestmark = pytest.mark.django_db
CHOICES = {"may": ["cancer_research"], "choice_commercial_use": "no", "choice_train_models": "no"}


def draft(programme: Programme) -> FormVersion:
    by = consent.steward(programme)
    return actions.draft_form(programme=programme, slug="main", content=foreign_content(), by=by)


@pytest.fixture
def abroad(programme: Programme) -> Programme:
    """A programme whose steward writes in other letters."""
    Programme.objects.filter(pk=programme.pk).update(name="Πνευμονες", contact_name="Ελλη", contact_hours="9–16")
    programme.refresh_from_db()
    actions.publish_form(version=draft(programme), by=consent.steward(programme))
    return programme


def signed(programme: Programme, **answers: Any) -> Donor:
    """A donor whose name is in other letters too."""
    user = core.user(name="Αδα")
    version = consent.form(programme)
    actions.sign(
        user=user,
        version=version,
        choices=consent.choices(**answers),
        typed_name="Αδα Λαβ",
        given_name="Αδα",
        family_name="Λαβ",
        birth_date=date(1950, 1, 1),
        by=user,
    )
    found = donor_of(user, programme.pk)
    assert found is not None
    return found


def client_of(donor: Donor) -> Client:
    client = Client()
    client.force_login(make.user_of(donor))
    return client


def read(client: Client, *addresses: str) -> dict[str, str]:
    """Pages by their address, with what a form of theirs says of an empty answer."""
    return {address: client.get(address, follow=True).content.decode() for address in addresses}


def in_use(donor: Donor) -> Dataset:
    """The donor's images in a collection, and a project that uses them."""
    make.images(donor, 2)
    dataset = make.dataset(donor.programme)
    Dataset.objects.filter(pk=dataset.pk).update(title="Σετ")
    granted = make.grant(make.version(dataset))
    AccessRequest.objects.filter(pk=granted.request_id).update(title="Εργο")
    return dataset


def change(client: Client, donor: Donor) -> dict[str, str]:
    """Changing one's choices, wrongly and rightly."""
    address = f"/my-choices/{donor.pk}/"
    pages = read(client, address)
    pages["changing, nothing chosen"] = client.post(address, {}).content.decode()
    pages["what changes"] = client.post(address, CHOICES, follow=True).content.decode()
    pages["changing, not signed"] = client.post(f"{address}confirm/", {}).content.decode()
    said = {"shown": "-", "typed_name": "Ψ", "password": core.PASSWORD}
    pages["changing, another page"] = client.post(f"{address}confirm/", said, follow=True).content.decode()
    return pages


@pytest.mark.parametrize("right_to_left", [False, True], ids=["left-to-right", "right-to-left"])
def test_pages_for_everybody(abroad: Programme, settings: Any, right_to_left: bool) -> None:
    settings.DEMO = True
    core_pages = ("/", "/help/", "/privacy/", "/accessibility/", "/log/", "/no-such-page/", "/accounts/inactive/")
    signed(abroad)
    drain()
    with spoken(settings, right_to_left=right_to_left):
        pages = read(Client(), *core_pages)
        pages["405"] = Client().get("/accounts/signup/").content.decode()
        client = Client()
        client.force_login(core.user(name="Αδα"))
        new = ("/home/", "/inbox/", "/notices/", "/my-choices/", "/withdraw/", "/donate/", "/account/tokens/")
        pages |= read(client, *new, "/accounts/password/change/", "/accounts/email/", "/accounts/logout/")
        pages["refused"] = client.post("/donate/", {"donor": "x"}).content.decode()
        pages["method"] = client.get("/donations/00000000-0000-0000-0000-000000000000/send/").content.decode()
        pages["token"] = client.post(
            "/account/tokens/", {"name": "π", "scopes": ["jobs"], "days": "30"}
        ).content.decode()
    assert left(pages) == {}


def test_pages_of_somebody_who_gives(abroad: Programme, settings: Any) -> None:
    donor = signed(abroad)
    in_use(donor)
    registry.start_donation(donor=donor, by=make.user_of(donor))
    with spoken(settings):
        client = client_of(donor)
        pages = read(client, "/home/", "/inbox/", "/my-choices/", "/withdraw/") | change(client, donor)
        for kind in ("no_contact", "nothing_new", "no_further_use", "erase"):
            pages |= read(client, f"/withdraw/{donor.pk}/{kind}/")
        pages["nothing chosen"] = client.post("/withdraw/", {}).content.decode()
        pages["new choices"] = sign_change(client, donor).content.decode()
        pages |= read(client, "/my-choices/")
    assert left(pages) == {}
    assert "Σετ" in pages[f"/withdraw/{donor.pk}/erase/"]


def sign_change(client: Client, donor: Donor) -> Any:
    address = f"/my-choices/{donor.pk}/confirm/"
    shown = re.search(r'name="shown" value="([^"]+)"', client.get(address).content.decode())
    assert shown is not None
    said = {"shown": shown[1], "typed_name": "Αδα Λαβ", "password": core.PASSWORD}
    return client.post(address, said, follow=True)


def test_donations(abroad: Programme, settings: Any) -> None:
    donor = signed(abroad)
    by = make.user_of(donor)
    opened = registry.start_donation(donor=donor, by=by)
    address = f"/donations/{opened.pk}/"
    with spoken(settings):
        client = client_of(donor)
        pages = read(client, "/donate/", address)
        pages["no file"] = client.post(f"{address}files/", {}, follow=True).content.decode()
        pages["nothing to send"] = client.post(f"{address}send/").content.decode()
        files = [make.own_dicom(donor), make.own_dicom(donor), b"MZ program", b"", make.zipped({})]
        files += [files[0], make.dicom("Somebody^Else", "19990101")]
        for number, data in enumerate(files):
            pages[f"file {number}"] = put(client, address, data)
        pages |= {f"{page}, asked": text for page, text in read(client, address, "/home/").items()}
        pages["no answer"] = client.post(f"{address}answer/", {}, follow=True).content.decode()
        pages["answered"] = client.post(f"{address}answer/", {"whose": "not_mine"}, follow=True).content.decode()
        pages |= {"waits": client.get("/home/").content.decode()} | read(client, f"{address}take-back/")
        pages["sent"] = client.post(f"{address}send/", follow=True).content.decode()
        pages["sent twice"] = client.post(f"{address}files/", {"images": []}, follow=True).content.decode()
        pages |= {f"{page}, later": text for page, text in read(client, "/donate/", "/home/").items()}
        pages["taken back"] = take_back(client, donor)
    assert left(pages) == {}


def put(client: Client, address: str, data: bytes) -> str:
    sent = {"images": SimpleUploadedFile("file", data)}
    plain = client.post(f"{address}files/", sent, follow=True).content.decode()
    sent = {"images": SimpleUploadedFile("file", data)}
    answer = client.post(f"{address}files/", sent, headers={"Accept": "application/json"}).json()
    return plain + "".join(f"<p>{each['sentence']}</p>" for each in answer.get("answers", []))


def take_back(client: Client, donor: Donor) -> str:
    other = registry.start_donation(donor=donor, by=make.user_of(donor))
    client.post(f"/donations/{other.pk}/take-back/")
    return str(client.get(f"/donations/{other.pk}/").content.decode())


@pytest.mark.parametrize("kind", ["no_contact", "nothing_new", "no_further_use", "erase"])
def test_withdrawing(abroad: Programme, settings: Any, kind: str) -> None:
    donor = signed(abroad)
    in_use(donor)
    with spoken(settings):
        client = client_of(donor)
        moved = client.post(f"/withdraw/{donor.pk}/{kind}/")["Location"]
        pages = {"begun": client.get(moved).content.decode()}
        drain()
        pages["under way"] = client.get(moved, headers={"HX-Request": "true"}).content.decode()
        Withdrawal.objects.get(donor=donor).steps.update(deadline=timezone.now() + timedelta(days=3))
        pages["later"] = client.get(moved).content.decode()
        complete()
        pages["complete"] = client.get(moved).content.decode()
        page, _, key = moved.partition("?")
        pages["certificate"] = client.get(f"{page}certificate/?{key}").content.decode()
        if kind != "erase":
            pages |= read(client, "/my-choices/", "/withdraw/", "/home/", "/notices/")
        if kind == "nothing_new":
            again = f"/my-choices/{donor.pk}/new-research/"
            pages |= read(client, again)
            pages["not signed"] = client.post(again, {}).content.decode()
        if kind == "no_contact":
            pages["news again"] = client.post(f"/my-choices/{donor.pk}/news/", follow=True).content.decode()
    assert left(pages) == {}


def complete() -> None:
    """Everything that waits for people or for a date is over."""
    HolderNotice.objects.update(attested_at=timezone.now())
    drain()


def test_a_form_that_changed_and_what_is_told(abroad: Programme, settings: Any) -> None:
    donor = signed(abroad)
    by = consent.steward(abroad)
    actions.publish_form(version=draft(abroad), change=Change.MATERIAL, summary="Νεα και αλλα", days=60, by=by)
    drain()
    link = f"/my-choices/{donor.pk}/renew/"
    for number in range(51):
        notify(user_id=make.user_of(donor).pk, title="Σ", link=link, dedupe=f"σ{number}", by_mail=False)
    with spoken(settings):
        client = client_of(donor)
        pages = read(client, "/home/", "/inbox/", "/notices/", "/notices/?page=2", "/my-choices/", link)
        pages["kept"] = client.post(link, follow=True).content.decode()
    assert left(pages) == {}


def test_an_e_mail_is_in_the_language_in_which_its_reader_signed_in_last(programme: Programme, settings: Any) -> None:
    """No page is open when a worker writes; one whose language is not offered any more is written to in English."""
    reader, other = core.user(), core.user()
    with spoken(settings):
        Client().force_login(reader)
        for user in (reader, other):
            notify(user_id=user.pk, title="Your scans are deleted", link="/notices/", dedupe="told")
        settings.LANGUAGE_CODE = "en-gb"
        drain()
    told = {message.to[0]: f"{message.subject} {message.body}" for message in mail.outbox}
    assert english(re.sub(r"http\S+", "", told[reader.email])) == []
    assert "News for you in Donara" in told[other.email]


def test_pages_of_staff(abroad: Programme, settings: Any) -> None:
    """The audit trail with a log that does not hold, people and their roles, and work that nobody gets done."""
    settings.DEMO = True
    steward, member = core.user(abroad, Role.STEWARD, name="Αδα"), core.user(abroad, Role.COMMITTEE, name="Αδα")
    type(steward).objects.update(display_name="Αδα")
    for code in alarms.WORDS:
        LogAlarm.objects.create(code=code, subject="4")
    Witness.objects.create(name="Μαρτυς", digest="0" * 64, failing_since=timezone.now(), last_error="Ψ")
    DueWork.objects.create(kind="Εργασια", subject_id=member.pk, attempts=99)
    client = Client()
    client.force_login(steward)
    with spoken(settings):
        pages = read(
            client, "/home/", "/inbox/", "/staff/audit/", "/staff/audit/?subject=x", "/staff/people/", "/components/"
        )
        for said in ({}, {"email": member.email, "role": "no such", "programme": "x"}, {"email": "nobody@x.example"}):
            pages[f"people {said}"] = client.post("/staff/people/", said).content.decode()
        for email in (member.email, member.email, steward.email):
            said = {"email": email, "role": "curator", "programme": str(abroad.pk)}
            pages[f"people {len(pages)}"] = client.post("/staff/people/", said, follow=True).content.decode()
        for held in Membership.objects.filter(programme=abroad, until=None).exclude(role="donor"):
            pages[f"end {held.role}"] = client.post(f"/staff/people/{held.pk}/end/", follow=True).content.decode()
    codes = re.compile(rf"\b(?:{'|'.join(alarms.WORDS)}) 4\b")
    assert left({name: codes.sub("", page) for name, page in pages.items()}) == {}
