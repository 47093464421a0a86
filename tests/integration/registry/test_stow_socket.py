"""STOW-RS over a real socket: pydicom's `dicomweb-client` and curl, bodies with and without a length, both servers."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from dicomweb_client.api import DICOMwebClient
from django.test.testcases import LiveServerThread
from pydicom import dcmread
from requests.exceptions import HTTPError

from registry.models import DonatedFile
from tests.factories import consent, core
from tests.factories import registry as make
from tests.hostile.bodies import RELATED, body
from tests.integration.registry.stow import Sender

pytestmark = pytest.mark.django_db(transaction=True)
CHUNKED = "Transfer-Encoding: chunked"


@pytest.fixture
def served(transactional_db: None) -> Iterator[str]:
    """The application as gunicorn serves it: uvicorn around config.asgi."""
    from config.asgi import application

    server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="critical", lifespan="off", ws="none"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(30)


@pytest.fixture
def served_by_wsgi(transactional_db: None) -> Iterator[str]:
    """Django's own development server."""
    server = LiveServerThread("127.0.0.1", lambda application: application)  # type: ignore[arg-type]  # any wrapper does
    server.daemon = True
    server.start()
    server.is_ready.wait()
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


def curl(origin: str, sender: Sender, file: Path, *headers: str, path: str = "/dicom-web/studies") -> tuple[int, str]:
    """(status, body)."""
    said = [f"Authorization: Bearer {sender.token}", f"Content-Type: {RELATED}", *headers]
    command = ["curl", "-sS", "--noproxy", "*", "--max-time", "60", "-w", "\n%{http_code}", "-X", "POST"]
    command += [word for header in said for word in ("-H", header)]
    command += ["--data-binary", f"@{file}", f"{origin}{path}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    text, _, status = done.stdout.rpartition("\n")
    return int(status), text


def test_clients_send_what_they_have(served: str, tmp_path: Path) -> None:
    donor = consent.donor(core.programme("lungs"))
    sender = Sender.of(donor)
    client = DICOMwebClient(url=f"{served}/dicom-web", headers=sender.headers)
    files = [make.own_dicom(donor) for _ in range(3)]
    found = client.store_instances([dcmread(_file(tmp_path, data)) for data in files])
    sent = {dcmread(_file(tmp_path, data)).SOPInstanceUID for data in files}
    assert {item.ReferencedSOPInstanceUID for item in found.ReferencedSOPSequence} == sent
    with pytest.raises(HTTPError, match="401"):
        DICOMwebClient(url=f"{served}/dicom-web").store_instances([dcmread(_file(tmp_path, files[0]))])

    large = make.own_dicom(donor, Rows=1024, Columns=1024, PixelData=bytes(2 << 20))
    whole = _file(tmp_path, body([large, make.own_dicom(donor)]))
    for headers in ([], [CHUNKED]):
        assert curl(served, sender, whole, *headers)[0] == 200
    assert DonatedFile.objects.filter(donation=sender.donation).count() == 5
    assert sum(size > len(large) - 1 for size in DonatedFile.objects.values_list("size", flat=True)) == 1
    chunked = _file(tmp_path, body([make.own_dicom(donor)] * 3 + [b"no scan"]))
    status, text = curl(served, sender, chunked, CHUNKED, "Accept: application/dicom+xml")
    assert (status, text.count("<Item ")) == (202, 4)


def test_what_a_server_cannot_take_whole_it_refuses(served_by_wsgi: str, tmp_path: Path) -> None:
    donor = consent.donor(core.programme("lungs"))
    sender = Sender.of(donor)
    whole = _file(tmp_path, body([make.own_dicom(donor)]))
    status, text = curl(served_by_wsgi, sender, whole, CHUNKED)
    assert (status, "Content-Length" in text) == (411, True)
    assert not DonatedFile.objects.exists()
    assert curl(served_by_wsgi, sender, whole)[0] == 200


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "body"
    path.write_bytes(data)
    return path
