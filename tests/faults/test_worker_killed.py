"""SIGKILL of the worker at every stage of cleaning a donation: the work completes, once, and leaves nothing behind."""

import random
import time
from functools import partial

import pytest

from core.accounts.models import Programme
from core.storage.zones import Zone
from registry.models import Donation
from tests.faults.cleaning import (
    Moment,
    at_rest,
    begun,
    check_done_once,
    check_nothing_astray,
    donate,
    noted,
    reap,
    writing,
)
from tests.faults.tree import Tree, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]
FILES = 2
#: At each of these moments in the cleaning of one more donation, the worker is killed with all that it holds.
MOMENTS: list[Moment] = [begun, writing(Zone.CLEAN), writing(Zone.REVIEW), noted(1)]


def test_donations_are_cleaned_once_however_their_worker_dies(programme: Programme, running: Tree) -> None:
    donations = []
    for moment in MOMENTS:
        donations.append(donate(programme, FILES))
        until(partial(reached, donations[-1], moment), pause=0)
        assert running.kill(" worker ")
    donations.append(donate(programme, FILES))
    until(partial(reached, donations[-1], noted(FILES)), pause=0)
    running.kill_all()  # as in a power cut
    running.start()
    settle(running, donations)


def reached(donation: Donation, moment: Moment) -> bool:
    """Whether the moment has come, or was so short that a busy machine missed it: then the kill comes at the end."""
    return moment(donation.pk) or at_rest(donation.pk)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(6))
def test_kills_at_random_of_any_part_delay_the_work_and_lose_none(
    programme: Programme, running: Tree, seed: int
) -> None:
    chance = random.Random(seed)
    donations = [donate(programme, FILES) for _ in range(3)]
    for _ in range(8):
        time.sleep(chance.uniform(0, 4))
        running.kill(chance.choice([" worker ", " worker ", " beat ", "gunicorn"]))
    settle(running, donations)


def settle(running: Tree, donations: list[Donation]) -> None:
    """Waits until all is done, and looks that it was done once."""
    until(lambda: all(at_rest(donation.pk) for donation in donations), 300)
    reap()
    for donation in donations:
        check_done_once(donation, FILES)
    check_nothing_astray()
    until(running.complete)
