"""The tus server with others' clients over a real socket: tuspy, and tus-js-client, which browsers use; killed too."""

import hashlib
import json
import shutil
import subprocess
import threading
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from tusclient.client import TusClient

from core.accounts.actions import make_token
from core.accounts.models import Programme
from core.accounts.roles import Scope
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from registry import actions
from registry.models import DonatedFile, Donation, Upload
from registry.rules.promised import Promised
from registry.work import reap_broken_off
from registry.work.parts import reap_parts
from tests.factories import consent
from tests.factories import registry as make
from tests.faults.cleaning import check_nothing_astray
from tests.faults.tree import Tree, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]
SCRIPT = Path(__file__).with_name("tus_client.cjs")
CHUNK = 64 << 10


@pytest.fixture
def donation(programme: Programme) -> Donation:
    """A donation that has just begun."""
    return make.donation(consent.donor(programme), 0, submitted=False)


@pytest.fixture
def token(donation: Donation) -> str:
    """Its donor's token."""
    user = make.user_of(donation.donor)
    return make_token(user=user, name="test", scopes=[Scope.DONATIONS], days=1, by=user)[1]


def image(donation: Donation, kib: int) -> bytes:
    """An image of the donor's own, at least so large; its pixels are noise, so that parts differ."""
    noise = b"".join(hashlib.sha256(number.to_bytes(4, "little")).digest() for number in range(kib * 32))
    return make.own_dicom(donation.donor, PixelData=noise, Rows=kib, Columns=512)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def living() -> QuerySet[StoredObject]:
    """What lies in quarantine, and on the way there, but for what has become a piece of it."""
    lying = StoredObject.objects.filter(zone__in=[Zone.INCOMING, Zone.QUARANTINE], part_of=None)
    return lying.exclude(state=ObjectState.ERASED)


def check_taken(data: bytes) -> None:
    """The file is there once, whole, and nothing else is."""
    file = DonatedFile.objects.get()
    assert (file.state, storage.read(file.stored) == data) == ("received", True)
    StoredObject.objects.update(created_at=timezone.now() - timedelta(days=2))
    reap_parts()
    reap_broken_off()
    assert living().get() == file.stored
    check_nothing_astray()


def uploads(running: Tree, donation: Donation) -> str:
    """Where uploads are begun."""
    return f"http://127.0.0.1:{running.port}/api/v1/donations/{donation.pk}/uploads/"


@pytest.mark.parametrize("stops_at", [CHUNK, pytest.param(None, marks=pytest.mark.nightly)])
def test_tuspy_uploads_and_goes_on_another_day(
    running: Tree, donation: Donation, token: str, stops_at: int | None
) -> None:
    client = TusClient(uploads(running, donation), headers={"Authorization": f"Bearer {token}"})
    data = image(donation, 200)
    said = {"filename": "Smith^John.dcm", "sha256": sha256(data)}
    first = client.uploader(file_stream=BytesIO(data), chunk_size=CHUNK, upload_checksum=True, metadata=said)
    first.upload(stop_at=stops_at)
    if stops_at:
        assert Upload.objects.get().offset == stops_at
        assert not DonatedFile.objects.exists()
        again = client.uploader(file_stream=BytesIO(data), chunk_size=CHUNK, upload_checksum=True, url=first.url)
        assert again.offset == stops_at
        again.upload()
    check_taken(data)


@pytest.mark.nightly
def test_tuspy_sends_a_whole_file_as_one_request(running: Tree, donation: Donation, token: str) -> None:
    client = TusClient(uploads(running, donation), headers={"Authorization": f"Bearer {token}"})
    data = image(donation, 9 << 10)  # longer than one part
    client.uploader(file_stream=BytesIO(data), upload_checksum=True).upload()
    check_taken(data)


class Browser:
    """tus-js-client in a process of its own, with one file."""

    def __init__(self, running: Tree, donation: Donation, token: str, data: bytes, folder: Path, **how: Any) -> None:
        self.file = folder / "image"
        self.file.write_bytes(data)
        self.asked = {
            "endpoint": uploads(running, donation),
            "token": token,
            "file": str(self.file),
            "sha256": sha256(data),
            "chunkSize": CHUNK,
            "algorithm": "sha1",
            **how,
        }

    def run(self) -> dict[str, Any]:
        """What came of it."""
        command = ["node", str(SCRIPT)]
        done = subprocess.run(command, input=json.dumps(self.asked).encode(), capture_output=True, timeout=120)
        assert done.stdout, done.stderr.decode()
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.fixture
def javascript() -> None:
    """tus-js-client can be run here; it is there after `npm ci`."""
    command = ["node", "-e", "require('tus-js-client')"]
    if not shutil.which("node") or subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True).returncode:
        pytest.fail("node with tus-js-client is not installed: npm ci")


@pytest.mark.parametrize(
    "how",
    [
        {},
        pytest.param({"algorithm": "sha256", "withUpload": True}, marks=pytest.mark.nightly),
        pytest.param({"override": True}, marks=pytest.mark.nightly),
        pytest.param({"algorithm": "", "chunkSize": 1 << 30}, marks=pytest.mark.nightly),
    ],
)
def test_tus_js_client_uploads(
    running: Tree, donation: Donation, token: str, javascript: None, tmp_path: Path, how: dict[str, Any]
) -> None:
    data = image(donation, 200)
    found = Browser(running, donation, token, data, tmp_path, **how).run()
    assert found["done"], found
    assert (found["done"], found["outcome"], found["offsets"][-1]) == (True, "received", len(data))
    check_taken(data)


def test_tus_js_client_goes_on_where_the_manifest_says(
    running: Tree, donation: Donation, token: str, javascript: None, tmp_path: Path
) -> None:
    data, by = image(donation, 200), make.user_of(donation.donor)
    listed = [Promised(0, len(data), sha256(data), 0)]
    (file,) = actions.promise_files(donation=donation, files=listed, by=by)
    assert file.upload is not None
    actions.add_part(upload=file.upload, offset=0, stream=BytesIO(data[:CHUNK]), by=by)
    address = f"{uploads(running, donation)}{file.upload.pk}/"
    browser = Browser(running, donation, token, data, tmp_path, uploadUrl=address)
    assert browser.run()["offsets"][0] == 2 * CHUNK
    check_taken(data)
    assert browser.run() == {"offsets": [], "outcome": "received", "retries": 0, "done": True}  # nothing travels twice


@pytest.mark.nightly
def test_tus_js_client_is_told_of_other_bytes(
    running: Tree, donation: Donation, token: str, javascript: None, tmp_path: Path
) -> None:
    data = image(donation, 100)
    browser = Browser(running, donation, token, data[:-1] + b"\1", tmp_path, sha256=sha256(data))
    found = browser.run()
    assert (found["done"], found["status"]) == (False, 460)
    assert not DonatedFile.objects.exists()
    assert not living().exists()


@pytest.mark.nightly
@pytest.mark.parametrize("after", [1, 3, 40])
def test_a_server_that_is_killed_in_the_middle_costs_a_part(
    running: Tree, donation: Donation, token: str, javascript: None, tmp_path: Path, after: int
) -> None:
    data = image(donation, 3 << 10)
    browser = Browser(running, donation, token, data, tmp_path, tries=200)
    told: list[dict[str, Any]] = []
    sender = threading.Thread(target=lambda: told.append(browser.run()))
    sender.start()
    until(lambda: Upload.objects.filter(offset__gte=after * CHUNK).exists(), pause=0)
    running.kill("gunicorn")
    sender.join()
    until(running.complete)
    assert told[0]["done"]
    assert told[0]["retries"] > 0
    check_taken(data)
