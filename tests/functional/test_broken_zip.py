"""What is damaged in a ZIP stays at home and is told, by its CRC-32; why a ZIP that went whole was refused is said."""

import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route
from pydicom.uid import generate_uid

from portal.story.cohort import make_cohort
from registry import actions
from registry.models import DonatedFile, Donation
from tests.factories import registry as make
from tests.factories.whole import World, signed
from tests.functional.visitor import Visitor

PEOPLE = list(make_cohort(64))[60:]  # the world's own people and other journeys' are before them
SMALL, LONG = 600_000, 17_000_000  # more than the look at a header; and what is read piece by piece
INVALID = b"\x07"  # the last block, of a kind that does not exist (RFC 1951 3.2.3)
NO_DIGESTS = """Object.defineProperty(crypto, "subtle", { value: undefined });"""
MINE, TOLD = "Yes, this is me", "Files that could not be read on your computer, and were not sent: 3."


def deflated(data: bytes, between: bytes = b"") -> bytes:
    """A raw deflated stream; `between`: what stands in its middle, where one block has ended and another begins."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    half = len(data) // 2
    first = packer.compress(data[:half]) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + between + packer.compress(data[half:]) + packer.flush()


def zipped(*members: tuple[bytes, int, bytes]) -> bytes:
    """A ZIP by hand of (what was put in it, method, what stands there): zipfile would not write what is damaged."""
    body, listed = BytesIO(), b""
    for number, (data, method, stands) in enumerate(members):
        name = f"IM{number}".encode()
        facts = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, 33, zlib.crc32(data), len(stands), len(data), len(name), 0)
        listed += b"PK\1\2\x14\0" + facts + struct.pack("<HHHII", 0, 0, 0, 0, body.tell()) + name
        body.write(b"PK\3\4" + facts + name + stands)
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(listed), body.tell(), 0)
    return body.getvalue() + listed + b"PK\5\6" + end


def flipped(data: bytes, count: int = 1) -> bytes:
    """The same with other bytes near its end, which are the picture's."""
    at = len(data) - 1000
    return data[:at] + bytes(byte ^ 255 for byte in data[at : at + count]) + data[at + count :]


def damaged(images: list[bytes]) -> bytes:
    """One sound file, and three that are each damaged in another way."""
    sound, stored, other, cut = images
    made = zipped(
        (sound, zipfile.ZIP_STORED, sound),
        (stored, zipfile.ZIP_STORED, flipped(stored)),
        (other, zipfile.ZIP_DEFLATED, deflated(flipped(other, 8))),
        (cut, zipfile.ZIP_DEFLATED, deflated(cut, INVALID)),
    )
    with zipfile.ZipFile(BytesIO(made)) as archive:  # as others see it
        assert archive.read("IM0") == sound
        for name in ("IM1", "IM2", "IM3"):
            with pytest.raises((zipfile.BadZipFile, zlib.error)):
                archive.read(name)
    return made


@pytest.fixture
def donation(world: World) -> Donation:
    """Somebody who has begun a donation."""
    donor = signed(world.programme, PEOPLE.pop())
    return actions.start_donation(donor=donor, by=donor.person.user)


def images(donation: Donation, size: int) -> list[bytes]:
    """Four pictures of one series that cannot be made smaller."""
    series = {"StudyInstanceUID": generate_uid(), "SeriesInstanceUID": generate_uid()}
    noise, shape = random.Random(4), {"Rows": 500, "Columns": size // 1000}
    return [make.own_dicom(donation.donor, **series, **shape, PixelData=noise.randbytes(size)) for _ in range(4)]


def without_digests(context: BrowserContext) -> None:
    """As at an address without https: neither the page nor its workers can take digests."""

    def before(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=NO_DIGESTS + answer.text())

    context.add_init_script(NO_DIGESTS)
    context.route("**/*-worker*.js", before)


def chosen(visitor: Visitor, donation: Donation, path: Path) -> None:
    """Chooses the ZIP and says that what is in it is theirs."""
    visitor.go(f"/donations/{donation.pk}/")
    visitor.page.get_by_label("ZIP").first.set_input_files(path)
    visitor.page.get_by_role("heading", name="What we found").wait_for()
    visitor.page.get_by_label(MINE).check()


@pytest.mark.parametrize("size", [SMALL, pytest.param(LONG, marks=pytest.mark.nightly)])
def test_what_is_damaged_in_a_zip_is_not_sent_and_is_told(
    visitors: Callable[..., Visitor], donation: Donation, tmp_path: Path, size: int
) -> None:
    path = tmp_path / "disc.zip"
    sound, *broken = images(donation, size)
    path.write_bytes(damaged([sound, *broken]))
    visitor = visitors(user=donation.donor.person.user)
    chosen(visitor, donation, path)
    visitor.page.get_by_role("button", name="Add these").click()
    visitor.page.get_by_text(TOLD).wait_for()
    visitor.look().narrow()
    assert "Files received: 1." in visitor.text
    (file,) = DonatedFile.objects.filter(donation=donation)
    assert file.size == len(sound)


def test_without_digests_what_is_damaged_is_told_before_and_not_sent(
    visitors: Callable[..., Visitor], donation: Donation, tmp_path: Path
) -> None:
    path = tmp_path / "disc.zip"
    path.write_bytes(damaged(images(donation, SMALL)))
    visitor = visitors(user=donation.donor.person.user)
    without_digests(visitor.context)
    chosen(visitor, donation, path)
    assert "Damaged files that we cannot read: 3." in visitor.look().text
    visitor.press("Add these")
    assert "1 file received." in visitor.text
    assert DonatedFile.objects.filter(donation=donation).count() == 1


def test_where_the_engine_runs_what_is_damaged_is_neither_cleaned_nor_asked_about(
    visitors: Callable[..., Visitor], donation: Donation, tmp_path: Path, engine: None
) -> None:
    path = tmp_path / "disc.zip"
    path.write_bytes(damaged(images(donation, SMALL)))
    visitor = visitors(user=donation.donor.person.user)
    chosen(visitor, donation, path)
    visitor.page.get_by_text("Names are taken out here, on your computer").wait_for(timeout=90_000)
    visitor.page.get_by_role("button", name="Add these").click()
    visitor.page.get_by_text("cannot take names here: 1.").wait_for(timeout=90_000)  # of noise, and it is sound
    visitor.page.get_by_label("Yes, send these as they are").check()
    visitor.page.get_by_role("button", name="Go on").click()
    visitor.page.get_by_text(TOLD).wait_for()
    assert DonatedFile.objects.filter(donation=donation).count() == 1


def test_why_a_zip_that_went_whole_was_not_taken_is_said(
    visitors: Callable[..., Visitor], donation: Donation, tmp_path: Path
) -> None:
    path = tmp_path / "disc.zip"
    path.write_bytes(make.locked(make.zipped({"DICOM/1": make.own_dicom(donation.donor)})))
    visitor = visitors(user=donation.donor.person.user).go(f"/donations/{donation.pk}/")
    visitor.page.get_by_label("ZIP").first.set_input_files(path)
    visitor.page.get_by_role("heading", name="What we found").wait_for()
    visitor.page.get_by_role("button", name="Add these").click()
    visitor.page.get_by_text("Files that cannot be used, and were not taken: 1.").wait_for()
    visitor.page.get_by_text("This ZIP is locked with a password. Make one without a password.").wait_for()
    visitor.look().narrow()
    assert not DonatedFile.objects.filter(donation=donation).exists()
