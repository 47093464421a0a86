"""From the gift to the released result with real processes: one cleaner, one runner, and pages as the web process.

Not with the tests of faults, whose own tree would do a part of the work.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from core.due.models import DueWork
from tests.factories import whole
from tests.faults.tree import tree, until
from training_jobs.models import JobOutput

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]
#: What would be asked of curators by chance.
NO_CHANCE = {"DONARA_PLANTED_ONE_IN": "0", "DONARA_SECOND_READ_ONE_IN": "0"}


def is_quiet() -> bool:
    """Nothing waits, is being done or is tried again; what comes back by the clock, later, is no hindrance."""
    soon = timezone.now() + timedelta(minutes=1)
    return not DueWork.objects.filter(done=False, due_at__lte=soon).exclude(kind__startswith="storage.").exists()


@pytest.mark.nightly
def test_a_cleaner_and_a_runner_do_together_all_that_is_to_be_done(
    tmp_path: Path, empty_store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "drain", lambda: until(is_quiet))
    with tree(tmp_path, NO_CHANCE) as running:
        world = whole.build()
        said = running.log.read_text()
    assert not [line for line in said.split("\n") if "StoreRefused" in line or "KeyAbsent" in line]
    output = JobOutput.objects.get(pk=world.ids["output"])
    assert output.state == "released"
    assert output.released is not None
