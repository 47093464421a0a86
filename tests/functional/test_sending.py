"""Chosen files are sent in parts: whole over a broken line, only what is missing after a closed window, no names."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route
from pydicom.uid import generate_uid

from core.full import NoRoom
from portal.story.cohort import CohortDonor, make_cohort, studies
from registry import actions
from registry.models import DonatedFile, Donation
from registry.rules.coded import digest_of
from registry.rules.header import read_header
from registry.work.sharing import study_keys
from tests.factories import registry as make
from tests.factories.whole import World, signed
from tests.functional.visitor import Visitor

PEOPLE = list(make_cohort(60))[40:]  # the world's own people and other journeys' are before them
MINE = "Yes, this is me"
PARTS, MANIFEST = "**/uploads/*/", "**/manifest/"
GO_ON = "Go on"


@dataclass
class Giver:
    """A donor who has begun a donation and holds a folder; `asked` notes what their browser sends."""

    person: CohortDonor
    visitor: Visitor
    donation: Donation
    folder: Path
    asked: list[Request] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The window."""
        return self.visitor.page

    def choose(self, page: Page | None = None) -> None:
        """Opens the donation, chooses the folder, says whose it is, and presses the button."""
        page = page or self.page
        page.goto(f"{self.visitor.origin}/donations/{self.donation.pk}/")
        page.get_by_label("A whole folder or disc").set_input_files(self.folder)
        page.get_by_role("heading", name="What we found").wait_for()
        for each in page.get_by_label(MINE).all():
            each.check()
        page.get_by_role("button", name="Add these").click()

    def sent(self) -> list[int]:
        """Bytes of each part that was answered."""
        return [len(each.post_data_buffer or b"") for each in self.asked if each.method == "PATCH"]

    def here(self) -> int:
        """How many files are in the donation."""
        return DonatedFile.objects.filter(donation=self.donation).count()


@pytest.fixture
def giver(visitors: Callable[..., Visitor], world: World, tmp_path: Path) -> Giver:
    """Somebody with five small pictures of one series, as discs hold them: without extension."""
    person = PEOPLE.pop()
    donor = signed(world.programme, person)
    series = {"StudyInstanceUID": generate_uid(), "SeriesInstanceUID": generate_uid()}
    for number in range(5):
        (tmp_path / f"IM{number}").write_bytes(make.own_dicom(donor, **series))
    (tmp_path / "AUTORUN.INF").write_bytes(b"[autorun]")
    visitor = visitors(user=donor.person.user)
    made = Giver(person, visitor, actions.start_donation(donor=donor, by=donor.person.user), tmp_path)
    visitor.context.on("requestfinished", lambda each: made.asked.append(each))
    return made


def cut(page: Page, when: Callable[[Request, int], bool]) -> None:
    """A line that breaks off each request for a file of which `when` says so; it is told how many parts came before."""
    parts = 0

    def break_off(route: Route) -> None:
        nonlocal parts
        if when(route.request, parts):
            return route.abort("connectionreset")
        parts += route.request.method == "PATCH"
        return route.continue_()

    page.route(PARTS, break_off)


def forgive(visitor: Visitor) -> None:
    """A browser says in its console that a request came to nothing: that is what was done to it."""
    visitor.amiss[:] = [each for each in visitor.amiss if "Failed to load resource" not in each]


def test_a_folder_arrives_whole_and_no_name_of_a_file_with_it(giver: Giver) -> None:
    giver.choose()
    giver.page.get_by_text("Files received: 5.").wait_for()
    giver.visitor.look().narrow()
    assert giver.here() == 5
    assert sorted(giver.sent()) == sorted(path.stat().st_size for path in giver.folder.glob("IM*"))
    (manifest,) = [each for each in giver.asked if each.url.endswith("/manifest/")]
    assert {key for each in manifest.post_data_json["files"] for key in each} == {"index", "size", "sha256", "series"}
    assert not [each for each in giver.asked if "IM0" in f"{each.url} {each.headers} {each.post_data_buffer!r}"]
    stored = set(giver.page.evaluate("Object.keys({ ...localStorage, ...sessionStorage })"))
    assert stored <= {"htmx-current-path-for-history"}


def test_a_line_that_breaks_in_the_middle_of_a_file_costs_one_part(giver: Giver) -> None:
    large = giver.folder / "IM9"
    large.write_bytes(make.own_dicom(giver.donation.donor, PixelData=bytes(9 << 20)))
    broken: list[str] = []

    def once_in_the_second_part(request: Request, _: int) -> bool:
        is_second = request.headers.get("upload-offset") == str(8 << 20)
        broken.extend([request.url] * is_second)
        return is_second and len(broken) == 1

    cut(giver.page, once_in_the_second_part)
    giver.choose()
    giver.page.get_by_text("Files received: 6.").wait_for()
    assert len(broken) == 2
    assert sum(each.method == "PATCH" for each in giver.asked) == 5 + 2
    assert [each.method for each in giver.asked if each.url == broken[0]] == ["PATCH", "HEAD", "PATCH"]
    assert giver.here() == 6
    forgive(giver.visitor)


@pytest.mark.nightly  # the page tries for half a minute before it says anything
def test_where_the_server_has_no_room_the_page_says_so_and_goes_on(giver: Giver) -> None:
    told = json.dumps({"title": NoRoom().sentence, "status": 503, "code": NoRoom.default_code})
    giver.page.route(PARTS, lambda route: route.fulfill(status=503, content_type="application/problem+json", body=told))
    giver.choose()
    said = giver.page.get_by_text("There is no room left on our side at this moment.")
    said.wait_for(timeout=120_000)
    assert "So far 0 of 5 files are here." in said.inner_text()
    giver.visitor.look().narrow()
    giver.page.unroute(PARTS)
    giver.page.get_by_role("button", name=GO_ON).click()
    giver.page.get_by_text("Files received: 5.").wait_for()
    assert giver.here() == 5
    forgive(giver.visitor)


def test_after_the_window_was_closed_only_what_is_missing_is_sent(giver: Giver) -> None:
    cut(giver.page, lambda _, parts: parts >= 2)
    giver.choose()
    giver.page.get_by_text("2 of 5").first.wait_for()
    assert giver.page.get_by_text("40 percent are sent.").get_attribute("role") == "status"
    with giver.page.expect_event("dialog") as asked:
        giver.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()
    forgive(giver.visitor)
    giver.asked.clear()
    giver.visitor.page = giver.visitor.context.new_page()
    giver.visitor.go(f"/donations/{giver.donation.pk}/").narrow()
    assert "3 of 5 pictures have not arrived." in giver.visitor.text
    giver.visitor.press("Send my donation")
    assert "Send your donation without them?" in giver.visitor.text
    giver.choose()
    giver.page.get_by_text("Files received: 3.").wait_for()
    assert "have not arrived" not in giver.visitor.text
    assert (len(giver.sent()), giver.here()) == (3, 5)


def test_what_was_not_even_promised_is_remembered_as_a_number(giver: Giver) -> None:
    """A browser that cleans promises batch after batch: of the others the server does not know."""
    make.upload(giver.donation, make.own_dicom(giver.donation.donor), giver.donation.donor.person.user)
    page, address = giver.page, f"/donations/{giver.donation.pk}/"
    giver.visitor.go(address)
    page.evaluate(f"""localStorage.setItem("donara-began {address}manifest/", "240")""")
    giver.visitor.go(address).narrow()
    assert "You began to send 240 pictures here" in giver.visitor.text
    page.get_by_role("button", name="Send my donation").click()
    page.get_by_role("alert").get_by_text("press the button once more").wait_for()
    giver.visitor.look().press("Send my donation")
    assert "Thank you for your gift" in giver.visitor.text


def test_two_windows_with_one_folder_send_nothing_twice(giver: Giver) -> None:
    giver.choose()
    other = giver.visitor.context.new_page()
    giver.choose(other)
    for page in (giver.page, other):
        page.get_by_text("Files").filter(has_text=": 5.").wait_for()
    assert (len(giver.sent()), giver.here()) == (5, 5)


def test_who_was_signed_out_meanwhile_signs_in_and_goes_on(giver: Giver) -> None:
    page, user = giver.page, giver.donation.donor.person.user

    def leave(route: Route) -> None:
        giver.visitor.context.clear_cookies()
        route.continue_()

    page.route(MANIFEST, leave, times=1)
    giver.choose()
    page.get_by_text("You were signed out.").wait_for()
    giver.visitor.look().narrow()
    page.get_by_role("button", name=GO_ON).click()
    page.get_by_text("You were signed out.").wait_for()
    giver.visitor.sign_in(user)
    page.get_by_role("button", name=GO_ON).click()
    page.get_by_text("Files received: 5.").wait_for()
    forgive(giver.visitor)


def test_where_nothing_can_be_looked_through_the_plain_form_sends(giver: Giver) -> None:
    giver.page.route("**/scan-worker.js", lambda route: route.abort())
    giver.visitor.go(f"/donations/{giver.donation.pk}/")
    giver.page.get_by_label("A whole folder or disc").set_input_files(giver.folder)
    giver.page.get_by_text("We look through your files").wait_for(state="detached")
    giver.visitor.press("Add these")
    assert "5 files received." in giver.visitor.text
    assert giver.sent() == []
    forgive(giver.visitor)


def test_where_the_engine_does_not_start_nothing_goes_before_that_is_said(giver: Giver, engine: None) -> None:
    held: list[Route] = []
    giver.page.route("**/curation/engine.js", lambda route: held.append(route))
    giver.choose()
    giver.page.get_by_text("This takes a moment").wait_for()
    held[0].abort()
    giver.page.get_by_text("as they are, press the button once more").wait_for()
    giver.visitor.look().narrow()
    assert not [each for each in giver.asked if each.url.endswith("/manifest/")]
    giver.page.get_by_role("button", name="Add these").click()
    giver.page.get_by_text("Files received: 5.").wait_for()
    assert set(DonatedFile.objects.filter(donation=giver.donation).values_list("coded", flat=True)) == {False}
    forgive(giver.visitor)


def test_names_stay_at_home_where_the_engine_runs(giver: Giver, engine: None, tmp_path: Path) -> None:
    """And what it cannot clean goes only where the donor says so."""
    person, donor = giver.person, giver.donation.donor
    giver.folder = tmp_path / "disc"
    giver.folder.mkdir()
    marked = [make.own_dicom(donor, BurnedInAnnotation="YES"), make.dicom("OTHER^NAME", "19010203")]
    for number, data in enumerate([*(file.data for file in studies(person)), *marked]):
        (giver.folder / f"IM{number}").write_bytes(data)
    giver.choose()
    giver.page.get_by_text("press the button once more").wait_for(timeout=90_000)
    assert not [each for each in giver.asked if each.url.endswith("/manifest/")], "another name is asked about twice"
    giver.page.get_by_role("button", name="Add these").click()
    giver.page.get_by_text("One more question").wait_for(timeout=90_000)
    assert giver.page.evaluate("Object.entries(localStorage).flat().pop()") == "5"
    assert "Names are taken out here, on your computer" in giver.visitor.look().narrow().text
    assert (len(giver.sent()), giver.here()) == (3, 3)
    assert [each for each in giver.asked if each.url.endswith("/engine-numbers/")], "hospitals are asked about"
    names = [name.lower().encode() for name in (person.family_name, person.given_name, "OTHER^NAME")]
    for each in giver.asked:
        body = (each.post_data_buffer or b"").lower()
        assert not [name for name in names if name in body or name.hex().encode() in body], each.url
    giver.page.get_by_role("button", name=GO_ON).click()
    giver.page.get_by_text("Files that stayed on your computer: 2.").wait_for()
    assert giver.page.evaluate("localStorage.length") == 0
    given = DonatedFile.objects.filter(donation=giver.donation)
    assert list(given.values_list("coded", flat=True)) == [True] * 3
    uids = {read_header(BytesIO(file.data)).study_uid for file in studies(person)}
    known = {study_keys(donor.programme_id, donor.pk, digest_of(uid))[1] for uid in uids}
    assert set(given.values_list("study_key", flat=True)) == known, "the same examination given as it is is the same"


@pytest.mark.nightly
def test_a_whole_disc_with_two_people_on_it_arrives_over_a_line_that_breaks(giver: Giver) -> None:
    donor = giver.donation.donor
    for number in range(1000):
        (giver.folder / f"I{number:07}").write_bytes(make.own_dicom(donor))
    own = [make.own_dicom(donor) for _ in range(3)]
    disc = {"DICOMDIR": bytes(128) + b"DICM 1.2.840.10008.1.3.10", "VIEWER.EXE": b"MZ", "DICOM/Müller^Zoë": own[0]}
    (giver.folder / "disc.zip").write_bytes(make.zipped(disc | {"DICOM/2": own[1], "DICOM/3": own[2]}))
    (giver.folder / "OTHER").write_bytes(make.dicom("OTHER^PERSON", "19010203"))
    broken: list[str] = []

    def a_dozen_times(request: Request, parts: int) -> bool:
        is_cut = parts >= 300 and len(broken) < 12
        broken.extend([request.url] * is_cut)
        return is_cut

    cut(giver.page, a_dozen_times)
    giver.page.goto(f"{giver.visitor.origin}/donations/{giver.donation.pk}/")
    giver.page.get_by_label("A whole folder or disc").set_input_files(giver.folder)
    giver.page.get_by_text("the names of 2 people").wait_for()
    for each in giver.page.get_by_label(MINE).all():
        each.check()
    giver.visitor.choose("No. Do not send these", within="PERSON OTHER")
    giver.page.get_by_role("button", name="Add these").click()
    giver.page.get_by_text("Files received: 1,008.").wait_for(timeout=300_000)
    assert (giver.here(), len(broken)) == (1008, 12)
    forgive(giver.visitor)
