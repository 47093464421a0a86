"""SIGKILL of the worker in the middle of a recheck: it goes on, and each file is looked at once."""

import pytest

from core.accounts.models import Programme
from core.accounts.roles import Role
from core.due.models import DueWork
from curation import actions
from curation.models import Derivation, Recheck, Rechecked, Series
from registry.models import Image
from tests.factories import consent, core, curation
from tests.faults.tree import Tree, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]
FILES = 22  # two batches


def test_a_recheck_comes_to_its_end_once_however_its_worker_dies(programme: Programme, running: Tree) -> None:
    donor = consent.donor(programme)
    given = curation.donation(donor, *(curation.image(donor) for _ in range(FILES)))
    until(lambda: Series.objects.filter(donation_id=given.pk, state="waiting").exists())
    curation.accept(Series.objects.get(donation_id=given.pk), by=curation.curator(programme))
    begun = actions.start_recheck(programme=programme, by=core.user(programme, Role.STEWARD))
    for noted in (0, 20):  # before anything, and between the batches
        until(lambda least=noted: Rechecked.objects.count() >= least, pause=0)
        until(lambda: claimed(begun) or done(begun), pause=0)
        running.kill(" worker ")
    until(lambda: done(begun))
    until(running.complete)
    looked = Rechecked.objects.filter(recheck=begun)
    assert sorted(looked.values_list("derivation_id", flat=True)) == sorted(
        Derivation.objects.values_list("pk", flat=True)
    )
    assert set(looked.values_list("outcome", flat=True)) == {"unchanged"}
    assert set(Image.objects.values_list("state", flat=True)) == {"available"}


def claimed(begun: Recheck) -> bool:
    """Whether a worker is at it."""
    return DueWork.objects.filter(subject_id=begun.pk, done=False, lease__isnull=False).exists()


def done(begun: Recheck) -> bool:
    """Whether it has come to its end."""
    return Recheck.objects.filter(pk=begun.pk, state="done").exists()
