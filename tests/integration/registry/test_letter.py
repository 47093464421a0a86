"""A donor's letter to a hospital: what it says under each law, on the page and on paper, and nothing of it stays."""

import html
import json
import logging
import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from consent import actions as consent_actions
from consent.queries import donor_of
from core.accounts.models import Programme
from registry import actions
from registry.models import Donation, Invitation
from registry.rules.invitations import read_code
from registry.rules.letter import DIRECTIONS, RIGHTS, Law
from tests.factories import consent, core
from tests.factories import registry as make
from tests.integration.consent.test_receipt_pdf import NAMES, fonts, tags, text_of
from tests.integration.registry.test_pages import browser
from tests.whole.test_keeping import everything_written

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {
    "hospital": "Klinikum Σωτήρας",
    "hospital_address": "Long Street 1\n12345 Springfield",
    "own_address": "Short Lane 2\nOgdenville",
    "number": "PAT-77-4711",
    "examinations": "CT of the knee, March 2024\nMRI of the elbow, 2025",
    "law": "eu",
    "ways": ["page", "disc"],
}


def named(programme: Programme, given: str, family: str) -> Donation:
    """A donation of somebody of this name."""
    user = core.user()
    consent_actions.sign(
        user=user,
        version=consent.form(programme),
        choices=consent.choices(),
        typed_name=f"{given} {family}",
        given_name=given,
        family_name=family,
        birth_date=date(1950, 2, 3),
        by=user,
    )
    donor = donor_of(user, programme.pk)
    return make.donation(donor, 0, submitted=False)


def written(donation: Donation, client: Client | None = None, **said: Any) -> str:
    """The letter's page."""
    answer = (client or browser(make.user_of(donation.donor))).post(
        f"/donations/{donation.pk}/letter/", {**SAID, **said}
    )
    assert answer.status_code == 200
    return answer.content.decode()


def letter_in(page: str) -> str:
    """The words of the letter itself, spaces as one."""
    (inner,) = re.findall(r'<section class="d-letter".*?</section>', page, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inner)).split())


def carried(page: str) -> dict[str, Any]:
    """What the page's form for the PDF posts."""
    (form,) = re.findall(r'<form class="d-post" method="post" action="[^"]*pdf/">.*?</form>', page, re.DOTALL)
    fields: dict[str, Any] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(html.unescape(value))
    return fields


def on_paper(donation: Donation, page: str) -> PdfReader:
    answer = browser(make.user_of(donation.donor)).post(f"/donations/{donation.pk}/letter/pdf/", carried(page))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert "no-store" in answer["Cache-Control"]
    return PdfReader(BytesIO(answer.content))


#: What has to stand in a letter under each law, and what must not, which belongs to another.
LAWS = {
    "eu": (
        ["Regulation (EU) 2016/679", "Article 15(3)", "As far as Article 20 applies", "within one month", "C-307/22"],
        ["two further months", "free of charge", "Article 20(2)"],
        ["HIPAA", "UK", "12A", "30 days"],
    ),
    "uk": (
        ["UK General Data Protection Regulation", "Article 15(3)", "within one month", "Articles 12(3) and 12A"],
        ["two further months", "free of charge", "Article 20(2)"],
        ["HIPAA", "(EU)", "C-307/22", "30 days"],
    ),
    "us": (
        ["45 CFR 164.524", "no later than 30 days", "once, by no more than 30 days", "in writing", "164.524(b)(2)"],
        ["reasonable, cost-based fee", "164.524(c)(4)", "164.524(c)(3)(ii)", "whom I designate: Lungs"],
        ["GDPR", "Article", "free of charge", "one month"],
    ),
    "other": (["the right to my own medical records"], [], ["Article", "CFR", "free of charge", "30 days"]),
}


@pytest.mark.parametrize("law", Law)
def test_each_law_is_named_and_no_other(donation: Donation, law: Law) -> None:
    said = letter_in(written(donation, law=law))
    said = said.replace(donation.programme.name, "Lungs")
    must, too, must_not = LAWS[law]
    assert [words for words in [*must, *too] if words not in said] == []
    assert [words for words in must_not if words in said] == []
    assert all(paragraph in said for paragraph in RIGHTS[law])


@pytest.mark.parametrize("law", Law)
def test_where_only_a_disc_is_asked_nothing_goes_to_somebody_else(donation: Donation, law: Law) -> None:
    page = written(donation, law=law, ways=["disc"])
    said = letter_in(page)
    assert not Invitation.objects.exists()
    assert "/hospital/" not in said
    assert donation.programme.name not in said
    assert "(c)(3)(ii)" not in said
    assert not DIRECTIONS[law] or DIRECTIONS[law][-40:] not in said
    assert "On a disc or a USB stick" in said
    assert "code" not in said


def test_it_says_who_asks_whom_for_what_and_how(donation: Donation) -> None:
    said = letter_in(written(donation))
    person = donation.donor.person
    for words in (
        f"{person.given_name} {person.family_name}",
        f"{person.birth_date.day} ",
        str(person.birth_date.year),
        "Klinikum Σωτήρας",
        "12345 Springfield",
        "Ogdenville",
        "PAT-77-4711",
        "CT of the knee, March 2024",
        "with all their series, as DICOM files",
        "http://127.0.0.1:8000/hospital/",
        "Signature:",
    ):
        assert words in said, words


def test_its_code_opens_the_page_and_is_shown_this_once(donation: Donation) -> None:
    client = browser(make.user_of(donation.donor))
    said = letter_in(written(donation, client))
    (code,) = re.findall(r"\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}\b", said)
    assert actions.open_invitation(code=code) == Invitation.objects.get()
    page = client.get(f"/donations/{donation.pk}/").content.decode()
    assert code not in page
    assert code[:4] not in re.sub(r'value="[^"]*"', "", page)


def test_the_paper_says_what_the_page_says_and_is_tagged(donation: Donation) -> None:
    page = written(donation)
    reader = on_paper(donation, page)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-gb"
    assert reader.metadata.title == "Request for a copy of my medical images"
    assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode()
    found = list(tags(root["/StructTreeRoot"]["/K"]))
    assert found.count("/H1") == 1
    assert {"/Document", "/H1", "/H2", "/P", "/L", "/LI"} <= set(found)
    packed = "".join(text_of(reader).split())
    # A footer of each page stands between two words of the text where it runs on.
    missing = [word for word in letter_in(page).split() if word not in packed]
    assert missing == []
    assert Invitation.objects.count() == 1, "making the paper makes no other code"


@pytest.mark.parametrize("script", ["Greek", "Arabic", "Hebrew", "Devanagari", "Chinese"])
def test_a_name_in_any_script_is_drawn_with_its_own_letters(programme: Programme, script: str) -> None:
    given, family, font = NAMES[script]
    donation = named(programme, given, family)
    page = written(donation, hospital=f"{family} {given}", ways=["disc"])
    reader = on_paper(donation, page)
    assert any(font in name for name in fonts(reader))
    assert set(given + family) - {" "} <= set(text_of(reader))


@pytest.mark.parametrize("wrong", ["", "x", "ABCD-EFGH-JKMN-PQRS-TVWX", "ended", "other"])
def test_no_paper_is_made_with_a_code_that_is_no_use(donation: Donation, programme: Programme, wrong: str) -> None:
    fields = carried(written(donation))
    client, place = browser(make.user_of(donation.donor)), f"/donations/{donation.pk}/letter/pdf/"
    if wrong == "ended":
        actions.end_invitation(invitation=Invitation.objects.get(), by=make.user_of(donation.donor))
    elif wrong == "other":
        other = make.donation(consent.donor(programme), 0, submitted=False)
        fields["code"] = [actions.invite(donation=other, by=make.user_of(other.donor))[1]]
    else:
        fields["code"] = [wrong]
    assert client.post(place, fields).status_code == 409


def test_nobody_elses_letter_is_made(donation: Donation, programme: Programme) -> None:
    stranger = browser(make.user_of(consent.donor(programme)))
    for place in ("letter/", "letter/pdf/"):
        assert stranger.post(f"/donations/{donation.pk}/{place}", SAID).status_code == 404
        assert Client().post(f"/donations/{donation.pk}/{place}", SAID)["Location"].startswith("/accounts/login/")
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("missing", ["hospital", "examinations", "law", "ways"])
def test_what_is_missing_is_asked_for_and_no_code_is_made(donation: Donation, missing: str) -> None:
    said = {key: value for key, value in SAID.items() if key != missing}
    client = browser(make.user_of(donation.donor))
    for place in ("letter/", "letter/pdf/"):
        answer = client.post(f"/donations/{donation.pk}/{place}", said)
        assert answer.status_code == 422
        assert "CT of the knee" in answer.content.decode() or missing == "examinations"
    assert not Invitation.objects.exists()


def test_nothing_that_was_typed_is_kept_or_logged(donation: Donation, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    page = written(donation)
    on_paper(donation, page)
    (code,) = carried(page)["code"]
    kept = everything_written()
    records = [record for record in caplog.records if not record.name.startswith("django.db")]  # off but here
    logged = "\n".join(f"{each.getMessage()} {json.dumps(each.__dict__, default=str)}" for each in records)
    typed = ["Σωτήρας", "Springfield", "Ogdenville", "PAT-77-4711", "of the knee", code, read_code(code)]
    assert [word for word in typed if word in kept] == []
    assert [word for word in [*typed, donation.donor.person.family_name] if word in logged] == []


def test_what_is_typed_is_text(donation: Donation) -> None:
    page = written(donation, hospital="<b>x</b>", examinations='"><img src="file:///etc/passwd">')
    assert "<b>x</b>" not in page
    assert "<img" not in page
    assert "<img" in text_of(on_paper(donation, page)).replace("\n", "")


def test_a_donation_that_was_sent_needs_no_letter(programme: Programme) -> None:
    donation = make.donation(consent.donor(programme))
    client = browser(make.user_of(donation.donor))
    page = client.get(f"/donations/{donation.pk}/letter/").content.decode()
    assert "no more images can be added" in page
    assert client.post(f"/donations/{donation.pk}/letter/", SAID).status_code == 409
    assert not Invitation.objects.exists()


def test_who_has_no_files_is_led_to_the_letter(programme: Programme) -> None:
    donor = consent.donor(programme)
    client = browser(make.user_of(donor))
    assert "I have no files" in client.get("/donate/").content.decode()
    led = client.post("/donate/", {"donor": str(donor.pk), "next": "letter"})
    place = f"/donations/{Donation.objects.get().pk}/letter/"
    assert led["Location"] == place
    assert place in client.get("/donate/").content.decode()
    assert place in client.get(f"/donations/{Donation.objects.get().pk}/").content.decode()
