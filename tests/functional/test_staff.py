"""The staff's ways in a browser: the curator, the steward, the auditor; and what others' things look like to them."""

from collections.abc import Callable

from core.due.run import drain
from portal.story.cohort import make_cohort
from tests.factories.whole import World, give, signed
from tests.functional.visitor import Visitor

Visitors = Callable[..., Visitor]
PEOPLE = list(make_cohort(48))[40:]


def test_a_curator_accepts_and_rejects(visitors: Visitors, world: World) -> None:
    for person in PEOPLE[:3]:
        give(signed(world.programme, person), person)
    drain()
    curator = visitors(user=world.people["curator"]).go("/home/").picture("home-curator").go("/inbox/")
    curator.go("/curation/").picture("worklist")
    series = curator.page.locator("main a[href^='/curation/0']")
    assert series.count() >= 3
    curator.go(str(series.first.get_attribute("href"))).picture("series")
    curator.page.get_by_text("Reject, because").click()
    curator.press("Writing in the picture")
    assert "Rejected" in curator.text
    curator.press("Accept")
    assert "Accepted" in curator.text
    drain()
    assert "Kept until" in curator.go("/curation/quarantine/").picture("quarantine").text


def test_a_steward_publishes_a_form_and_freezes_a_version(visitors: Visitors, world: World) -> None:
    steward = visitors(user=world.people["steward"]).go("/home/").picture("home-steward").go("/staff/forms/")
    steward.picture("forms").go(f"/staff/forms/{world.ids['draft_form']}/").picture("form")
    steward.go(f"/staff/forms/{world.ids['draft_form']}/publish/").choose("No, it is a small change")
    steward.write("What changed", "The title is shorter.").press("Publish")
    assert "published" in steward.text.lower()
    steward.go("/datasets/").press("New dataset").press("Make the dataset")
    assert steward.page.title().startswith("Error: ")
    steward.write("Title", "Chest CT").write("Short name", "chest-ct")
    steward.choose("Yes", within="Only images for which a curator noted whether there is a finding?")
    steward.press("Make the dataset").press("Freeze", exact=True)
    assert "is being frozen" in steward.text
    drain()
    steward.go(steward.path).picture("version")
    assert "Fingerprint" in steward.text
    with steward.page.expect_download() as download:
        steward.page.get_by_role("link", name="Download the list of files").click()
    assert '"rows"' in download.value.path().read_text()
    steward.go("/staff/people/").picture("people").go("/staff/withdrawals/").picture("withdrawals")
    steward.go(f"/withdrawals/{world.ids['withdrawal']}/").picture("withdrawal-staff")


def test_a_steward_gives_and_ends_a_role(visitors: Visitors, world: World) -> None:
    steward = visitors(user=world.people["steward"], width=375).go("/staff/people/")
    steward.write("E-mail address", "nobody-has-this@people.example").choose("Auditor").press("Give this role")
    assert "Nobody has an account with this address" in steward.text
    steward.write("E-mail address", world.people["nobody"].email).choose("Auditor").press("Give this role")
    assert "The role is given" in steward.text
    auditor = visitors(user=world.people["nobody"]).go("/audit/")
    row = steward.page.get_by_role("row").filter(has_text=str(world.people["nobody"]))
    with steward.page.expect_navigation():
        row.get_by_role("button", name="End this role").click()
    steward.look()
    auditor.go("/audit/", status=404)


def test_an_auditor_reads_the_trail(visitors: Visitors, world: World) -> None:
    auditor = visitors(user=world.people["auditor"]).go("/home/").go("/audit/").picture("audit")
    assert "holds" in auditor.text
    auditor.go("/audit/?verb=consent").go(f"/audit/?subject={world.ids['donor']}").go("/requests/")
    auditor.go(f"/donations/{world.ids['donors_donation']}/", status=404)


def test_a_sign_in_with_a_wrong_password_and_a_right_one(visitors: Visitors, world: World, width: int) -> None:
    visitor = visitors(width=width).go("/inbox/").picture("sign-in")
    assert visitor.path == "/accounts/login/"
    visitor.write("Email", world.people["steward"].email).write("Password", "not-this-one").press("Sign in")
    assert visitor.page.title().startswith("Error: ")
    visitor.write("Email", world.people["steward"].email).write("Password", "correct horse battery").press("Sign in")
    assert visitor.path == "/inbox/"
