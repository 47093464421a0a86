"""The network is cut in the middle of a part: it counts nothing, the server lets go of it, and going on ends whole."""

import socket
from collections.abc import Iterator

import pytest
from django.conf import settings

from core.accounts.models import Programme
from core.storage import work as storage
from core.storage.models import StoredObject
from core.web.bodies import BodyLimit
from registry.models import DonatedFile, Donation
from tests.factories import consent
from tests.factories import registry as make
from tests.faults.cable import Cable, cable, is_confirmed
from tests.faults.cleaning import astray
from tests.faults.program import Program
from tests.faults.served import Served, served
from tests.faults.tree import Tree, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]
PART = 64 << 10
#: Seconds for which the servers of these tests wait for the next byte.
STALL = 1.0


@pytest.fixture
def line() -> Iterator[Cable]:
    """A cable between a client and a server."""
    with cable() as laid:
        yield laid


@pytest.fixture
def server(line: Cable, transactional_db: None) -> Iterator[Served]:
    """The application at this end of the cable."""
    from config.asgi import django

    limited = BodyLimit(django, uploads=settings.UPLOAD_ARCHIVE_BYTES, others=1 << 20, stall=STALL)
    with served(limited, line.here) as running:
        yield running


@pytest.fixture
def donation(programme: Programme) -> Donation:
    """A donation that has just begun."""
    return make.donation(consent.donor(programme), 0, submitted=False)


def test_a_part_that_is_cut_off_counts_nothing_and_holds_nothing(
    line: Cable, server: Served, donation: Donation
) -> None:
    data = make.own_dicom(donation.donor, PixelData=bytes(3 * PART), Rows=96, Columns=1024)
    program = Program.of(donation, server.port, line.here)
    (file,) = program.promise([data])
    upload = file["upload"]
    assert program.part(upload, data, 0, PART, line.connect(server.port)).status == 204
    before = StoredObject.objects.count()

    with half_sent(line.connect(server.port), program, upload, data[PART : 2 * PART]) as broken:
        line.cut()
        broken.settimeout(STALL / 2)
        broken.sendall(data[PART + PART // 2 : 2 * PART])
        with pytest.raises(TimeoutError):
            broken.recv(1)  # the client's own patience ends
        assert program.offset(upload) == PART  # asked from elsewhere: the server serves others meanwhile
        until(server.is_idle)
    line.mend()

    assert (program.offset(upload), StoredObject.objects.count()) == (PART, before)
    assert program.part(upload, data, PART, None, line.connect(server.port)).status == 204
    taken = DonatedFile.objects.get()
    assert storage.read(taken.stored) == data
    assert astray() == []


def half_sent(wire: socket.socket, program: Program, upload: str, body: bytes) -> socket.socket:
    """Sends a part's headers and the first half of its bytes, and sees them arrive."""
    said = {**program.headers(**program.said(body, PART)), "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    wire.sendall(f"PATCH {upload} HTTP/1.1\r\n{head}\r\n".encode() + body[: len(body) // 2])
    until(lambda: is_confirmed(wire))
    return wire


def test_a_sender_who_stops_in_the_middle_is_told_so(line: Cable, server: Served, donation: Donation) -> None:
    data = make.own_dicom(donation.donor, PixelData=bytes(3 * PART), Rows=96, Columns=1024)
    program = Program.of(donation, server.port, line.here)
    (file,) = program.promise([data])
    with half_sent(line.connect(server.port), program, file["upload"], data) as slow:
        answer = b"".join(iter(lambda: slow.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"send it again" in answer
    assert program.offset(file["upload"]) == 0
    until(server.is_idle)


def test_the_web_server_asks_the_system_to_look_after_silent_lines(running: Tree) -> None:
    """A peer that vanished without a word is noticed also where no body is on its way, by the system's probes."""
    with socket.create_connection(("127.0.0.1", running.port)) as silent:
        mine = silent.getsockname()[1]
        until(lambda: timer_of(running.port, mine) == KEEPALIVE)


#: Of /proc/net/tcp: the timer that a connection waits for.
KEEPALIVE = "02"


def timer_of(port: int, peer: int) -> str:
    """Which timer runs for the server's end of a connection (proc(5), /proc/net/tcp)."""
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table][1:]
    found = [row[5] for row in rows if row[1].endswith(f":{port:04X}") and row[2].endswith(f":{peer:04X}")]
    return found[0].partition(":")[0] if found else ""
