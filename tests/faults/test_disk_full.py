"""A full disk beneath the file store: what has no room is refused with a sentence, and goes on when there is room."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from core.accounts.models import Programme
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from registry.models import DonatedFile, Donation
from tests.factories import consent
from tests.factories import registry as make
from tests.faults.cleaning import astray
from tests.faults.portal import Donor
from tests.faults.program import Program, check_try_later
from tests.faults.tree import Tree

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]
KIB = 1 << 10
FILE, PART = 160 * KIB, 64 * KIB


@pytest.fixture
def disk(running: Tree, nothing_stored: None) -> Iterator[Path]:
    """The store's folder, on a small disk of its own for as long as the test runs; needs root."""
    folder = Path(settings.OBJECT_STORE["path"])
    mount(folder, "size=640k,mode=700")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def mount(folder: Path, how: str) -> None:
    """A disk in memory in place of the folder."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", how, "tmpfs", folder], check=True)


@pytest.fixture
def donation(programme: Programme) -> Donation:
    """A donation that has just begun."""
    return make.donation(consent.donor(programme), 0, submitted=False)


def image(donation: Donation) -> bytes:
    """An image of the donor's own, of a known size at least."""
    return make.own_dicom(donation.donor, PixelData=bytes(FILE), Rows=80, Columns=1024)


def test_a_full_disk_refuses_what_has_no_room_and_goes_on_later(running: Tree, disk: Path, donation: Donation) -> None:
    files = [image(donation) for _ in range(5)]
    program = Program.of(donation, running.port)
    uploads = [each["upload"] for each in program.promise(files)]
    refused = [send(program, upload, data) for upload, data in zip(uploads, files, strict=True)]
    assert refused[:2] == [None, None]
    assert None not in refused[4:]
    missing = [number for number, at in enumerate(refused) if at is not None]
    for number in missing:
        assert program.offset(uploads[number]) == refused[number]
    assert DonatedFile.objects.count() == 5 - len(missing)
    assert [each["standing"] for each in program.promise(files)].count("missing") == len(missing)
    told = program.complete()
    assert (told.status, told.body["code"]) == (409, "incomplete")
    assert f"{len(missing)}." in told.body["title"]
    assert not list(disk.rglob(".*"))  # no draft of what had no room

    subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
    assert [send(program, uploads[number], files[number]) for number in missing] == [None] * len(missing)
    check_all_once(donation, 5)
    assert len(program.complete().body["files"]) == 5


def send(program: Program, upload: str, data: bytes) -> int | None:
    """Sends what is missing of a file in parts; where one was refused, None where it is whole."""
    while (at := program.offset(upload)) < len(data):
        answer = program.part(upload, data, at, at + PART)
        if answer.status != 204:
            check_try_later(answer)
            return at
    return None


def check_all_once(donation: Donation, number: int) -> None:
    """So many files, each with its one object; nothing else lies there, and no row waits for bytes."""
    files = DonatedFile.objects.filter(donation=donation)
    assert files.values("sha256").distinct().count() == files.count() == number
    waiting = StoredObject.objects.filter(zone__in=[Zone.INCOMING, Zone.QUARANTINE], part_of=None)
    waiting = waiting.exclude(state=ObjectState.ERASED)
    assert set(waiting.values_list("pk", "state")) == {(file.stored_id, "stored") for file in files}
    assert astray() == []


def test_the_plain_form_says_that_there_is_no_room_and_takes_the_same_files_later(
    running: Tree, disk: Path, donation: Donation
) -> None:
    browser = Donor.signed_in(running.port, make.user_of(donation.donor))
    files = [image(donation) for _ in range(5)]
    data = make.zipped({f"IM{number}": file for number, file in enumerate(files)})
    page = browser.upload(donation.pk, data, accept="text/html")
    assert (page.status, page.headers["location"]) == (302, f"/donations/{donation.pk}/")
    shown = browser.led_to(page)
    assert "Not all of it came in." in shown
    assert "nothing is taken twice" in shown
    kept = DonatedFile.objects.count()
    assert 0 < kept < 5
    answer = browser.upload(donation.pk, data)
    assert (answer.status, int(answer.headers["retry-after"]) > 0) == (503, True)
    subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
    assert browser.upload(donation.pk, data).status == 200
    check_all_once(donation, 5)
