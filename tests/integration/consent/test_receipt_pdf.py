"""A receipt as PDF, read back as a PDF reader reads it: tagged, in a language, with a title, in any script."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject

from consent import actions
from consent.models import Signature
from core.accounts.models import Programme
from core.web import paper
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in

pytestmark = pytest.mark.django_db
#: A name in each script, and the font that has to draw it.
NAMES = {
    "Latin": ("Zoë", "Nguyễn Žižek", "Noto-Sans"),
    "Greek": ("Ὀδυσσεύς", "Παπαδόπουλος", "Noto-Sans"),
    "Cyrillic": ("Ґалина", "Їжакевич", "Noto-Sans"),
    "Arabic": ("محمد", "الأمين", "Arabic"),
    "Hebrew": ("שרה", "כהן", "Hebrew"),
    "Devanagari": ("क्षितिज", "श्रीवास्तव", "Devanagari"),
    "Chinese": ("小明", "王", "CJK"),
    "Japanese": ("さくら", "田中", "CJK"),
    "Korean": ("민준", "김", "CJK"),
    "Tamil": ("தமிழ்", "செல்வன்", "Tamil"),
    "Thai": ("สมชาย", "ใจดี", "Thai"),
}


def signed(programme: Programme, given: str, family: str) -> Signature:
    user = core.user()
    return actions.sign(
        user=user,
        version=make.form(programme),
        choices=make.choices(commercial_use=False),
        typed_name=f"{given} {family}",
        given_name=given,
        family_name=family,
        birth_date=date(1950, 1, 1),
        by=user,
    )


def client_of(signature: Signature) -> Client:
    return signed_in(signature.donor.person.user)


def fetched(signature: Signature) -> bytes:
    answer = client_of(signature).get(f"/receipts/{signature.pk}/?format=pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="receipt-{signature.pk}.pdf"'
    return answer.content


def read(signature: Signature) -> PdfReader:
    return PdfReader(BytesIO(fetched(signature)))


def fonts(reader: PdfReader) -> dict[str, DictionaryObject]:
    found = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            found[font.get_object()["/BaseFont"]] = font.get_object()
    return found


def tags(node: Any) -> Iterator[str]:
    """The kinds of the structure's elements, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for each in node:
            yield from tags(each)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from tags(node["/K"])


def text_of(reader: PdfReader) -> str:
    return "".join(page.extract_text() for page in reader.pages)


def test_it_is_a_tagged_document_with_language_and_title(programme: Programme) -> None:
    signature = signed(programme, "Ada", "Lovelace")
    reader = read(signature)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-gb"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata.title == f"Receipt: {programme.name}"
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp.replace("\n", "") or 'pdfuaid:part="1"' in xmp
    assert f"Receipt: {programme.name}" in xmp
    found = list(tags(root["/StructTreeRoot"]["/K"]))
    assert {"/Document", "/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Table", "/TR", "/TH", "/TD"} <= set(found)
    assert found.count("/H1") == 1
    headings = [int(tag[2]) for tag in found if tag in {"/H1", "/H2", "/H3"}]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings)), "no level is left out"


def test_everything_drawn_is_either_content_or_ornament(programme: Programme) -> None:
    reader = read(signed(programme, "Ada", "Lovelace"))
    for page in reader.pages:
        assert page["/Tabs"] == "/S"
        assert "/StructParents" in page
        depth = 0
        for _, operator in ContentStream(page.get_contents(), reader).operations:
            depth += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(operator, 0)
            assert depth > 0 or operator not in {b"Tj", b"TJ", b"'", b"f", b"S", b"Do"}, "drawn without a tag"
        assert depth == 0


def test_it_says_who_when_what_and_the_fingerprints(programme: Programme) -> None:
    signature = signed(programme, "Ada", "Lovelace")
    said = " ".join(text_of(read(signature)).split())
    for words in (
        "Ada Lovelace",
        str(signature.pk),
        f"{signature.signed_at.year}",
        "I agree to give copies of my scans",
        "How we look after your privacy",
        "training computer models (AI)",
        "deciding about the care of patients",
        programme.contact_email,
    ):
        assert words in said
    packed = said.replace(" ", "")
    assert signature.text_sha256 in packed
    assert signature.choices_sha256 in packed


@pytest.mark.parametrize("script", NAMES)
def test_a_name_in_any_script_is_drawn_with_its_own_letters(programme: Programme, script: str) -> None:
    given, family, font = NAMES[script]
    reader = read(signed(programme, given, family))
    used = fonts(reader)
    assert any(font in name for name in used)
    for name, each in used.items():
        inner = each["/DescendantFonts"][0].get_object() if "/DescendantFonts" in each else each
        descriptor = inner["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), f"{name} is not embedded"
        assert "/ToUnicode" in each, f"{name} cannot be read aloud"
    # Vowels that are written before their letter are stored in the order of the drawing: letters are compared as a set.
    letters = set(given + family) - {" "}
    assert letters <= set(text_of(reader))


def test_letters_are_joined_as_their_script_wants_it(programme: Programme) -> None:
    """Shaping shows in what one glyph stands for: क्ष is drawn as one, though it is three characters."""
    reader = read(signed(programme, "क्षितिज", "श्रीवास्तव"))
    maps = [
        font["/ToUnicode"].get_object().get_data().decode()
        for name, font in fonts(reader).items()
        if "Devanagari" in name
    ]
    joined = "".join(f"{ord(letter):04x}" for letter in "क्ष")
    assert any(joined in each.lower().replace(" ", "") for each in maps)


def test_the_same_signature_gives_the_same_bytes(programme: Programme) -> None:
    signature = signed(programme, "محمد", "الأمين")
    assert fetched(signature) == fetched(signature)


def test_nobody_elses_receipt_is_made(programme: Programme) -> None:
    signature, other = signed(programme, "Ada", "Lovelace"), signed(programme, "Mary", "Somerville")
    address = f"/receipts/{signature.pk}/?format=pdf"
    assert client_of(other).get(address).status_code == 404
    assert Client().get(address)["Location"].startswith("/accounts/login/")


def test_a_machine_that_cannot_says_so_and_the_page_stays(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature = signed(programme, "Ada", "Lovelace")
    monkeypatch.setattr(paper, "PATIENCE", 0.01)
    client, address = client_of(signature), f"/receipts/{signature.pk}/"
    with paper._one_at_a_time:
        busy = client.get(f"{address}?format=pdf")
    assert busy.status_code == 503
    assert "print the page" in busy.content.decode()
    assert client.get(address).status_code == 200


def test_what_a_steward_writes_is_text_and_fetches_nothing(programme: Programme) -> None:
    from consent.rules.form_content import default_content

    content, by = default_content(), make.steward(programme)
    content["sections"][0]["text"][0] = "<img src='file:///etc/passwd'><style>@import url(http://example.org/)</style>"
    draft = actions.draft_form(programme=programme, slug="main", content=content, by=by)
    actions.publish_form(version=draft, by=by)
    assert "<img src=" in text_of(read(signed(programme, "Ada", "Lovelace")))


def test_whoever_asks_too_often_waits(programme: Programme, settings: Any) -> None:
    cache.clear()
    signature = signed(programme, "Ada", "Amsel")
    settings.ACCOUNT_RATE_LIMITS = {"receipt_pdf": "1/m/user"}
    fetched(signature)
    late = client_of(signature).get(f"/receipts/{signature.pk}/?format=pdf")
    assert late.status_code == 429
    assert "wait a minute, then go on" in late.content.decode()
    cache.clear()
