"""More donors at one moment than the database has connections: each file arrives, once, and no page breaks."""

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.accounts.models import Programme
from registry import actions
from registry.models import DonatedFile
from tests.factories import consent
from tests.factories import registry as make
from tests.faults.cleaning import check_nothing_astray
from tests.faults.program import Program
from tests.faults.tree import Tree

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]
#: PostgreSQL has a hundred by itself.
DONORS, FILES = 40, 5


def answered(program: Program, upload: str, data: bytes, last_byte: threading.Barrier) -> int:
    """The status of a part whose last byte is sent at the same moment as everybody's."""
    line = http.client.HTTPConnection(program.host, program.port, timeout=program.patience)
    line.putrequest("PATCH", upload, skip_host=True)
    for name, value in program.headers(**program.said(data, 0), Content_Length=str(len(data))).items():
        line.putheader(name, value)
    line.endheaders(data[:-1])
    last_byte.wait(program.patience)
    line.send(data[-1:])
    status = line.getresponse().status
    line.close()
    return status


def test_all_of_them_are_served(running: Tree, programme: Programme) -> None:
    donors = [consent.donor(programme) for _ in range(DONORS)]
    programs = [Program.of(actions.start_donation(donor=donor, by=donor.person.user), running.port) for donor in donors]
    files = {
        program: [make.own_dicom(donor) for _ in range(FILES)] for program, donor in zip(programs, donors, strict=True)
    }
    sent = [
        (program, standing["upload"], data)
        for program in programs
        for standing, data in zip(program.promise(files[program]), files[program], strict=True)
    ]
    last_byte = threading.Barrier(len(sent))
    with ThreadPoolExecutor(len(sent)) as at_once:
        answers = list(at_once.map(lambda each: answered(*each, last_byte), sent))
    assert answers == [204] * (DONORS * FILES)
    assert DonatedFile.objects.count() == DONORS * FILES
    assert {program.complete().status for program in programs} == {200}
    check_nothing_astray()
