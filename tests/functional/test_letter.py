"""A donor without files in a browser: the letter, the hospital that types its code, and what the donor sees of it."""

import re
from collections.abc import Callable

from playwright.sync_api import FilePayload

from portal.story.cohort import make_cohort
from tests.factories.registry import own_dicom
from tests.factories.whole import World, signed
from tests.functional.visitor import PHONE, Visitor

PEOPLE = list(make_cohort(48))[46:]


def test_a_letter_brings_images_without_an_account(visitors: Callable[..., Visitor], world: World, width: int) -> None:
    person = PEOPLE[width == PHONE]
    donor = signed(world.programme, person)
    at_home = visitors(width=width, user=donor.person.user).go("/donate/")
    at_home.page.get_by_text("I have no files").click()
    at_home.look().press("Ask your hospital for your images").picture("letter-new")
    at_home.write("Name of the hospital or practice", "St Elsewhere").write("Its address", "Long Street 1\nSpringfield")
    at_home.write("Which examinations?", "CT of the knee, March 2024")
    at_home.choose("In the European Union, Iceland, Liechtenstein or Norway").press("Make the letter").picture("letter")
    (code,) = re.findall(r"\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}\b", at_home.text)
    with at_home.page.expect_download() as got:
        at_home.page.get_by_role("button", name="Keep it as a file (PDF)").click()
    assert got.value.suggested_filename == "letter.pdf"

    hospital = visitors(width=width, scripts=False).go("/hospital/")
    hospital.write("The code in the letter", "ABCD").press("Go on").picture("hospital-code")
    assert "We do not know this code" in hospital.text
    hospital.write("The code in the letter", code.lower()).press("Go on")
    scans: list[FilePayload] = [
        {"name": f"IM{n}", "mimeType": "application/octet-stream", "buffer": own_dicom(donor)} for n in range(2)
    ]
    hospital.page.get_by_label("Or single files, or a ZIP").set_input_files(scans)
    hospital.press("Add these").picture("hospital")
    assert "2 files received." in hospital.text
    assert person.family_name not in hospital.text
    hospital.press("Everything was sent").picture("hospital-sent")
    assert "everything has arrived" in hospital.text

    at_home.go("/donate/").press("Go on with your donation").picture("letters")
    assert "The hospital has sent everything" in at_home.text
    assert "2 files" in at_home.text
