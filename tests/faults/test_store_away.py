"""An S3 server that answers 503, hangs, or loses what is on its way: uploads go on, at once or later; nothing twice."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings as chosen
from django.test import Client
from django.utils import timezone

from core.accounts.models import Programme
from core.storage import s3_patience
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.reap import reap
from core.storage.s3 import S3Store
from core.storage.store import forget, plain_store
from core.storage.zones import ObjectState, Zone
from registry.actions import parts
from registry.models import DonatedFile, Donation
from registry.work import reap_broken_off
from registry.work.parts import reap_parts
from tests.factories import consent
from tests.factories import registry as make
from tests.faults.cleaning import astray
from tests.faults.s3_proxy import Proxy, What, proxy
from tests.integration.registry.test_tus import Sender, checksum, metadata

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]
PART = 64 << 10
#: An image's size in bytes: one that goes in one request, one in several, and one that S3 itself takes in parts.
SIZES = {"one part": PART // 2, "many parts": 3 * PART, "large": 10 << 20}


@pytest.fixture
def way(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """The way to the real server, for a web process; seen to be open."""
    monkeypatch.setattr(s3_patience, "READ", 0.5)
    monkeypatch.setattr(s3_patience, "LEFT_ALONE", 0.5)
    monkeypatch.setattr(parts, "PART", PART)
    with proxy(chosen.OBJECT_STORE["endpoint"]) as made:
        settings.OBJECT_STORE = chosen.OBJECT_STORE | {"endpoint": made.url}
        settings.ROLE = "web"
        forget()
        server = plain_store()
        assert isinstance(server, S3Store)
        assert all(server.is_conditional(zone) for zone in (Zone.INCOMING, Zone.QUARANTINE))
        yield made
    forget()


@pytest.fixture
def donation(programme: Programme) -> Donation:
    """A donation that has just begun."""
    return make.donation(consent.donor(programme), 0, submitted=False)


class Sending:
    """One file on its way, by tus."""

    def __init__(self, donation: Donation, size: int) -> None:
        self.sender = Sender(donation)
        rows = -(-size // 2048)
        self.data = make.own_dicom(donation.donor, PixelData=bytes(rows * 2048), Rows=rows, Columns=1024)
        begun = self.sender.begin(len(self.data), Upload_Metadata=metadata(self.data))
        self.address, self.refusals = begun["Location"], 0
        self.step = max(PART, len(self.data) // 3)

    def offset(self) -> int:
        """How far the server says that it is."""
        return int(self.sender.ask("HEAD", self.address)["Upload-Offset"])

    def go_on(self) -> bool:
        """Sends what is missing, until it is whole or the server cannot: then it says so, and stands where it was."""
        while (at := self.offset()) < len(self.data):
            body = self.data[at : at + self.step]
            answer = self.sender.add(self.address, at, body, Upload_Checksum=checksum("sha256", body))
            if answer.status_code != 204:
                self.check_refused(answer, at)
                return False
        return True

    def check_refused(self, answer: Any, at: int) -> None:
        """A sentence, when to come again, and nothing counted."""
        self.refusals += 1
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert "What was kept before is safe." in answer.json()["title"]
        assert self.offset() == at

    def check_once(self, settings: Any) -> None:
        """After the reapers there is the file, whole, and nothing else."""
        settings.ROLE = "all"
        forget()
        file = DonatedFile.objects.get()
        assert storage.read(file.stored) == self.data
        StoredObject.objects.update(created_at=timezone.now() - timedelta(days=2))
        reap_parts()
        reap_broken_off()
        reap()
        waiting = StoredObject.objects.filter(zone__in=[Zone.INCOMING, Zone.QUARANTINE], part_of=None)
        assert waiting.exclude(state=ObjectState.ERASED).get() == file.stored
        assert astray() == []


@pytest.mark.parametrize(
    "method", ["PUT", *(pytest.param(each, marks=pytest.mark.nightly) for each in ("GET", "DELETE"))]
)
@pytest.mark.parametrize("what", [What.SLOW_DOWN, What.CUT, What.LOSE_ANSWER])
def test_what_happens_once_is_ridden_out(
    way: Proxy, donation: Donation, settings: Any, what: What, method: str
) -> None:
    sending = Sending(donation, SIZES["many parts"])
    way.do(what, method)
    # Of an answer that breaks off half is handed on already when that is noticed: then the sender sends once more.
    assert sending.go_on() or (what, method) == (What.CUT, "GET")
    assert way.met == 1
    assert sending.go_on()
    sending.check_once(settings)


@pytest.mark.parametrize("what", [What.CUT, What.LOSE_ANSWER])
def test_a_file_of_one_part_whose_writer_was_not_told_is_there_once(
    way: Proxy, donation: Donation, settings: Any, what: What
) -> None:
    sending = Sending(donation, SIZES["one part"])
    way.do(what, "PUT")
    assert sending.go_on()
    assert StoredObject.objects.filter(zone=Zone.QUARANTINE).count() == 1
    sending.check_once(settings)


CASES = [
    ("one part", What.SLOW_DOWN, "PUT"),
    ("one part", What.HANG, "PUT"),
    ("one part", What.LOSE_ANSWER, "PUT"),
    ("many parts", What.SLOW_DOWN, "GET"),
    ("many parts", What.HANG, "GET"),
    ("many parts", What.CUT, "PUT"),
    ("large", What.SLOW_DOWN, "HEAD"),
    ("large", What.HANG, "PUT"),
    ("large", What.HANG, "POST"),
    ("large", What.LOSE_ANSWER, "POST"),
]


@pytest.mark.parametrize(
    ("size", "what", "method"),
    [case if case[0] == "one part" else pytest.param(*case, marks=pytest.mark.nightly) for case in CASES],
)
def test_what_lasts_is_said_and_goes_on_later(
    way: Proxy, donation: Donation, settings: Any, monkeypatch: pytest.MonkeyPatch, size: str, what: What, method: str
) -> None:
    if size == "large":
        monkeypatch.setattr(parts, "PART", 8 << 20)
    sending = Sending(donation, SIZES[size])
    way.do(what, method, 10_000)
    assert not sending.go_on()
    assert not DonatedFile.objects.exists()
    way.well()
    until_well(sending)
    sending.check_once(settings)


@pytest.mark.nightly
@pytest.mark.parametrize("what", [What.SLOW_DOWN, What.HANG])
def test_a_file_is_taken_though_its_parts_cannot_be_erased_now(
    way: Proxy, donation: Donation, settings: Any, what: What
) -> None:
    sending = Sending(donation, SIZES["many parts"])
    way.do(what, "DELETE", 10_000)
    assert sending.go_on()
    way.well()
    sending.check_once(settings)


@pytest.mark.nightly
def test_the_plain_form_says_what_is_missing_and_takes_the_same_files_later(way: Proxy, donation: Donation) -> None:
    browser, data = Client(), [make.own_dicom(donation.donor) for _ in range(3)]
    browser.force_login(make.user_of(donation.donor))
    address = f"/donations/{donation.pk}/files/"

    def posted(**how: str) -> Any:
        return browser.post(address, {"images": [BytesIO(each) for each in data]}, **how)

    way.do(What.SLOW_DOWN, "PUT", 10_000)
    answer = posted(headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    page = browser.get(posted()["Location"]).content.decode()
    assert "Not all of it came in." in page
    assert not DonatedFile.objects.exists()
    way.well()
    for _ in range(2):
        posted()
    assert DonatedFile.objects.count() == 3


def until_well(sending: Sending) -> None:
    """Goes on; a server that did not answer is left alone for a moment."""
    for _ in range(100):
        if sending.go_on():
            return
    raise AssertionError("it did not come to its end")
