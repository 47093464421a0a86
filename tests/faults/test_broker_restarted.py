"""The broker loses its messages, or dies, in the middle of donations: each is cleaned once, and donors are answered."""

from pathlib import Path

import pytest

from core.accounts.models import Programme
from registry.models import Donation
from tests.factories import consent, curation
from tests.factories import registry as make
from tests.faults.broker import empty_broker, own_redis
from tests.faults.cleaning import at_rest, begun, check_done_once, check_nothing_astray
from tests.faults.program import Program
from tests.faults.tree import Tree, tree, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]
FILES = 1
#: The most seconds that a donor's program waits for an answer.
PATIENCE = 20


def sent(programme: Programme, port: int) -> Donation:
    """A donation that is sent off by the web server, which tells the workers of it by a message."""
    donor = consent.donor(programme)
    given = make.donation(donor, 0, submitted=False)
    program = Program.of(given, port, patience=PATIENCE)
    files = [curation.image(donor) for _ in range(FILES)]
    for standing, data in zip(program.promise(files), files, strict=True):
        assert program.part(standing["upload"], data, 0).status == 204
    assert program.complete().status == 200
    return given


def settle(donations: list[Donation]) -> None:
    """Waits until all is done, and looks that it was done once."""
    until(lambda: all(at_rest(donation.pk) for donation in donations), 300)
    for donation in donations:
        check_done_once(donation, FILES)
    check_nothing_astray()


def test_lost_messages_cost_time_and_no_donation(programme: Programme, running: Tree) -> None:
    donation = sent(programme, running.port)
    empty_broker(running)
    until(lambda: begun(donation.pk) or at_rest(donation.pk), pause=0)
    empty_broker(running)
    settle([donation])


@pytest.mark.nightly
def test_a_redis_that_dies_and_comes_back_empty_costs_time_and_no_donation(
    programme: Programme, tmp_path: Path
) -> None:
    with own_redis(tmp_path) as broker, tree(tmp_path, {"DONARA_BROKER_URL": broker.url}) as running:
        donations = [sent(programme, running.port)]
        until(lambda: begun(donations[0].pk) or at_rest(donations[0].pk), pause=0)
        broker.kill()
        donations.append(sent(programme, running.port))  # while it is away
        broker.start()
        donations.append(sent(programme, running.port))
        until(lambda: begun(donations[2].pk) or at_rest(donations[2].pk), pause=0)
        broker.freeze()
        donations.append(sent(programme, running.port))  # while it takes what is sent, and answers nothing
        broker.kill()
        broker.start()
        settle(donations)
        until(running.complete)
