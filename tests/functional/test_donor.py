"""A donor's way in a browser: from the landing page to the signature, the gift, other choices, and out again."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload

from core.due.run import drain
from portal.story.cohort import CohortDonor, StudyFile, make_cohort, relatives_cd, studies
from registry.rules.header import read_header
from registry.rules.sniff import HEAD_BYTES, Kind, kind_of
from tests.factories import core
from tests.factories.registry import zipped
from tests.factories.whole import World, signed
from tests.functional.visitor import Visitor

Visitors = Callable[..., Visitor]
PASSWORD = "a-long-walk-by-the-sea"
COMPANIES = "May companies use your scans, and may people earn money with what they learn?"
MODELS = "May your scans be used to train computer models (AI)?"
SHARING = "May a model that learned from your scans be given to other people?"
MINE = "Yes, this is me"
PEOPLE = list(make_cohort(40))[20:]  # the world's own people are the first of them


def test_anyone_reads_before_signing_up(visitors: Visitors, world: World, width: int) -> None:
    visitor = visitors(width=width).go("/").picture("landing").press(world.programme.name).picture("programme")
    visitor.press("Start").picture("reading")
    pages = 1
    while "From here on you need an account" not in visitor.text:
        visitor.press("Go on", exact=True)
        pages += 1
    assert pages >= 5
    visitor.press("Make an account")
    assert visitor.path == "/accounts/signup/"


def sign_up(visitor: Visitor, person: CohortDonor, programme: str) -> None:
    """Makes an account on the way to signing; lands on the page about oneself."""
    visitor.go(f"/accounts/signup/?next=/programmes/{programme}/about-you/")
    visitor.write("Email", person.email).write("Password", PASSWORD).write("Password (again)", PASSWORD)
    visitor.press("Make my account")


def consent(visitor: Visitor, person: CohortDonor) -> None:
    """About you, the choices, a look at everything, and the signature."""
    visitor.press("Go on")
    assert visitor.page.title().startswith("Error: "), "a form posted empty says what is missing"
    visitor.write("First name", person.given_name).write("Family name", person.family_name)
    visitor.write("Date of birth", f"{person.birth_date:%d %m %Y}").press("Go on")
    assert "So far your donation cannot be used for anything" in visitor.text
    visitor.choose("Research into health and illness").choose("No", within=COMPANIES)
    visitor.choose("Yes", within=MODELS).choose("No", within=SHARING).picture("choices")
    visitor.press("Go on")
    assert person.family_name in visitor.text
    visitor.press("Go on").picture("sign").write("Type your first name and family name", "Somebody Else")
    visitor.write("Your password", PASSWORD).press("Sign", exact=True)
    assert visitor.path.endswith("/sign/"), "another name signs nothing"
    visitor.write("Type your first name and family name", f"{person.given_name} {person.family_name}")
    visitor.write("Your password", PASSWORD).press("Sign", exact=True)
    assert visitor.path.startswith("/receipts/")
    visitor.picture("receipt")


def folder(files: list[StudyFile], place: Path) -> Path:
    """The files on a disc."""
    for file in files:
        path = place / file.filename
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    return place


def names_on(files: list[StudyFile]) -> set[str]:
    """The names that stand on the scans among these files, as the page asks about them."""
    scans = [file.data for file in files if kind_of(file.data[:HEAD_BYTES]) is Kind.DICOM]
    names = [read_header(BytesIO(data)).patient_name.split("=")[0] for data in scans]
    return {" ".join(reversed([part for part in name.split("^") if part])) for name in names}


def choose_folder(visitor: Visitor, place: Path, answers: dict[str, str]) -> None:
    """Chooses a whole folder, as one would a disc, and says of each name on it whose it is."""
    visitor.page.get_by_label("A whole folder or disc").set_input_files(place)
    visitor.page.get_by_role("heading", name="What we found").wait_for()
    visitor.look().picture("found")
    for name, said in answers.items():
        visitor.choose(said, within=name)
    visitor.press("Add these")


def add_folder(visitor: Visitor, files: list[StudyFile], place: Path, said: str = MINE) -> None:
    """A folder of which one says the same of every name."""
    choose_folder(visitor, folder(files, place), dict.fromkeys(names_on(files), said))


def one_zip(files: list[StudyFile]) -> FilePayload:
    """A ZIP of the files, as a browser's window for choosing files gives it."""
    data = zipped({file.filename: file.data for file in files})
    return {"name": "my scans.zip", "mimeType": "application/zip", "buffer": data}


def add_zip(visitor: Visitor, files: list[StudyFile]) -> None:
    """Chooses one ZIP."""
    visitor.page.get_by_label("Or single files, or a ZIP").set_input_files(one_zip(files))
    visitor.press("Add these")


@pytest.mark.parametrize(
    ("number", "scripts", "zoom"), [(0, True, 1), (1, False, 1), (6, True, 4)], ids=["scripts", "no-scripts", "zoomed"]
)
def test_from_signing_up_to_leaving(
    visitors: Visitors, world: World, tmp_path: Path, number: int, scripts: bool, zoom: int
) -> None:
    visitor = visitors(scripts=scripts, zoom=zoom)
    person = PEOPLE[number]
    sign_up(visitor, person, world.programme.slug)
    consent(visitor, person)
    give(visitor, person, tmp_path if scripts else None)
    follow(visitor)
    other_choices(visitor, person)
    leave(visitor)


def give(visitor: Visitor, person: CohortDonor, place: Path | None) -> None:
    """One's own scans, and by mistake a relative's disc, which is stopped and answered."""
    visitor.press("Give scans").picture("give").press("Begin")
    if place:
        own, other = studies(person), relatives_cd(person)
        answers = dict.fromkeys(names_on(other), "No. Do not send these") | dict.fromkeys(names_on(own), MINE)
        choose_folder(visitor, folder([*other, *own], place / "both"), answers)
        assert "Add your images" in visitor.text, "a relative's images stayed where they were"
        add_folder(visitor, other, place / "relative")
    else:
        visitor.press("Add these")
        assert "Choose at least one file" in visitor.text
        add_zip(visitor, studies(person))
        add_zip(visitor, relatives_cd(person))
    assert "Are these images yours?" in visitor.text
    visitor.picture("question").choose("They are not mine").press("Go on")
    assert "We removed these" in visitor.text
    visitor.picture("add-images").press("Send my donation")
    assert "Thank you for your gift" in visitor.text


def follow(visitor: Visitor) -> None:
    """Where the images are, before and after the workers had them."""
    visitor.go("/my-data/")
    drain()
    visitor.go("/my-data/")
    assert "3\n\nimages given" in visitor.text, "a relative's images are no part of the gift"
    visitor.press("See this donation").go("/home/").picture("home-donor")


def other_choices(visitor: Visitor, person: CohortDonor) -> None:
    """Cancer research only, from now on."""
    visitor.go("/my-choices/").picture("my-choices").press("Change my choices")
    visitor.page.get_by_label("Research into health and illness").uncheck()
    visitor.choose("Research into cancer").press("Go on").picture("change")
    visitor.write("Type your first name and family name", f"{person.given_name} {person.family_name}")
    visitor.write("Your password", PASSWORD).press("Sign my new choices")
    assert "Your new choices" in visitor.text


def leave(visitor: Visitor) -> None:
    """Three presses, and every step to be seen."""
    visitor.go("/my-choices/").press("Stop giving").picture("withdraw").choose("Stop, and delete my scans")
    visitor.press("Go on").press("Stop, and delete my scans")
    assert "You have withdrawn" in visitor.text
    drain()
    visitor.go(visitor.path).picture("withdrawal")
    assert "Every step was done" in visitor.text
    visitor.press("See the certificate").picture("certificate")
    assert "What stays" in visitor.text
    visitor.go("/home/").go("/my-data/").go("/withdraw/")


def test_a_donor_sees_what_their_images_serve(visitors: Visitors, world: World, width: int) -> None:
    visitor = visitors(user=world.people["donor"], width=width).go("/home/").go("/my-data/").picture("my-data")
    assert "We want to teach a computer to find spots" in visitor.text, "the aim of an approved project"
    assert "University of Example" in visitor.text


def test_signing_giving_and_leaving_by_keyboard_alone(visitors: Visitors, world: World) -> None:
    visitor = visitors(width=375)
    person = PEOPLE[2]
    sign_up(visitor, person, world.programme.slug)
    visitor.tab_to("First name").keys(person.given_name).tab_to("Family name").keys(person.family_name)
    visitor.tab_to("Date of birth").keys(f"{person.birth_date:%d %m %Y}").enter()
    visitor.tab_to("Any kind of research").key("Space")
    for _ in (COMPANIES, MODELS, SHARING):
        visitor.tab_to("Yes").key("Space").picture("choices")
    visitor.tab_to("Go on").enter().tab_to("Go on").enter()
    visitor.tab_to("Type your first name and family name").keys(f"{person.given_name} {person.family_name}")
    visitor.tab_to("Your password").keys(PASSWORD).tab_to("Sign").enter()
    assert visitor.path.startswith("/receipts/")
    visitor.tab_to("Give scans now").enter().tab_to("Begin").enter()
    with visitor.page.expect_file_chooser() as asked:
        visitor.tab_to("Or single files, or a ZIP").key("Enter")
    asked.value.set_files(one_zip(studies(person)))
    visitor.page.get_by_role("heading", name="What we found").wait_for()
    visitor.tab_to("Add these").key("Enter")
    assert "Please say first whether these images are yours" in visitor.text
    visitor.tab_to(MINE).key("Space").tab_to("Add these").enter().tab_to("Send my donation").enter()
    assert "Thank you for your gift" in visitor.text
    visitor.go("/withdraw/").tab_to("Do not write to me any more")  # the arrow keys move on within the group
    visitor.key("ArrowDown").key("ArrowDown").key("ArrowDown").tab_to("Go on").enter()
    visitor.tab_to("Stop, and delete my scans").enter()
    assert visitor.path.startswith("/withdrawals/")
    drain()
    visitor.go(visitor.path).picture("withdrawal")
    assert "Every step was done" in visitor.text


def test_each_way_says_first_what_it_would_do(visitors: Visitors, world: World, width: int) -> None:
    donor = world.donor("donor")
    visitor = visitors(user=world.people["donor"], width=width).go("/withdraw/")
    assert "cannot be undone" in visitor.text
    for kind in ("no_contact", "nothing_new", "no_further_use", "erase"):
        visitor.go(f"/withdraw/{donor.pk}/{kind}/")
        assert "What happens then" in visitor.text
    assert "1 computer training that has finished with your scans cannot be undone" in visitor.text
    visitor.go("/withdraw/").choose("Allow fewer things than now").press("Go on")
    visitor.choose("No", within=MODELS).press("Go on")
    assert "can no longer use your scans" in visitor.text


def test_nothing_new_is_said_certified_and_lifted_again(visitors: Visitors, world: World, width: int) -> None:
    person = PEOPLE[4 if width > 600 else 5]
    user = signed(world.programme, person).person.user
    visitor = visitors(user=user, width=width).go("/withdraw/").choose("Do nothing new with my scans")
    visitor.press("Go on").press("Do nothing new with my scans")
    drain()
    visitor.go(visitor.path).press("See the certificate")
    visitor.go("/my-choices/").press("Allow new research again")
    visitor.write("Type your first name and family name", f"{person.given_name} {person.family_name}")
    visitor.write("Your password", core.PASSWORD).press("Sign", exact=True)
    assert visitor.path.startswith("/receipts/")
