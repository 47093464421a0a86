"""SIGKILL of the workers while a donor is erased: it comes to its end, and is certified once every proof is there."""

import pytest

from consent import actions
from consent.models import Withdrawal
from consent.queries import certificate_of
from core.accounts.models import Programme
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import Zone
from curation.models import Series
from tests.factories import consent, curation
from tests.faults.tree import Tree, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]
FILES = 4


def test_an_erasure_ends_once_however_its_workers_die(programme: Programme, running: Tree) -> None:
    donor = consent.donor(programme)
    given = curation.donation(donor, *(curation.image(donor) for _ in range(FILES)))
    until(lambda: Series.objects.filter(donation_id=given.pk, state="waiting").exists())
    withdrawal = actions.withdraw(donor=donor, kind="erase", by=donor.person.user)
    for done in (0, 2, 5):
        until(lambda least=done: steps_done(withdrawal) >= least, pause=0)
        running.kill(" worker ")
    until(lambda: Withdrawal.objects.get(pk=withdrawal.pk).state == "complete", 300)
    until(running.complete)
    found = Withdrawal.objects.get(pk=withdrawal.pk)
    assert certificate_of(found) is not None
    assert not found.steps.exclude(state="done").exists()
    objects = StoredObject.objects.filter(donor_id=donor.pk)
    assert objects.count() > FILES
    assert not any(store().exists(zone, thing.key) for thing in objects for zone in Zone)


def steps_done(withdrawal: Withdrawal) -> int:
    """How many steps have their proof, or all once it is complete."""
    return withdrawal.steps.filter(state="done").count()
